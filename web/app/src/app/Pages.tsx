// What is shown at which address; each page is loaded when it is first gone to.
import { Skeleton } from "antd";
import type { ComponentType } from "react";
import { useEffect, useState } from "react";
import { Navigate, Route, Routes, matchPath } from "react-router";

import { NotLoadedError } from "./fault";

type Load = () => Promise<ComponentType>;

const PAGES: [string, Load][] = [
  ["/", async () => (await import("../pages/Overview")).Overview],
  ["/segments", async () => (await import("../pages/Segments")).Segments],
  ["/segments/:name", async () => (await import("../pages/segment/Segment")).Segment],
  ["/builder", async () => (await import("../pages/Builder")).Builder],
  ["/rfm", async () => (await import("../pages/Rfm")).Rfm],
  ["/lifecycle", async () => (await import("../pages/Lifecycle")).Lifecycle],
  ["/compare", async () => (await import("../pages/Compare")).Compare],
  ["/value", async () => (await import("../pages/Value")).Value],
  ["/discover", async () => (await import("../pages/Discover")).Discover],
  ["/customers", async () => (await import("../pages/Customers")).Customers],
  ["/customers/:id", async () => (await import("../pages/Customer")).Customer],
  ["/data", async () => (await import("../pages/data/Data")).Data],
  ["/data/import", async () => (await import("../pages/data/Import")).Import],
  ["/settings", async () => (await import("../pages/settings/Settings")).Settings],
  ["/runs", async () => (await import("../pages/Runs")).Runs],
  ["*", async () => (await import("../pages/Lost")).Lost],
];
const loaded = new Map<Load, ComponentType>();

async function fetched(load: Load): Promise<ComponentType> {
  const page = loaded.get(load) ?? (await load());
  loaded.set(load, page);
  return page;
}

// The page that is wanted is on its way while it is found out who asks.
const here = window.location.pathname.replace(/^\/app/, "") || "/";
void PAGES.find(([path]) => matchPath(path, here))?.[1]().catch(() => undefined); // asked again below

export function Pages() {
  return (
    <Routes>
      <Route path="/sign-in" element={<Navigate to="/" replace />} />
      {PAGES.map(([path, load]) => (
        <Route key={path} path={path} element={<Fetched key={path} load={load} />} />
      ))}
    </Routes>
  );
}

/** A page as soon as it is there; Suspense would hold it back for a third of a second. */
function Fetched({ load }: { load: Load }) {
  const [Shown, setShown] = useState<ComponentType | undefined>(() => loaded.get(load));
  const [lost, setLost] = useState(false);
  useEffect(() => {
    let wanted = true;
    fetched(load).then(
      (page) => wanted && setShown(() => page),
      () => wanted && setLost(true),
    );
    return () => {
      wanted = false;
    };
  }, [load]);
  if (lost) throw new NotLoadedError();
  return Shown ? <Shown /> : <Skeleton active className="page" />;
}
