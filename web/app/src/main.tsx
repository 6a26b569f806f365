import "@fontsource-variable/inter";
import "@fontsource-variable/vazirmatn";
import "antd/dist/antd.css";
import "./style.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app/App";
import { startLanguage } from "./app/language";

await startLanguage();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
