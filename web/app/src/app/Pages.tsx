// What is shown at which address; each page is loaded when it is first gone to.
import { Skeleton } from "antd";
import type { ComponentType } from "react";
import { Suspense, lazy } from "react";
import { Navigate, Route, Routes } from "react-router";

const page = <N extends string>(load: () => Promise<Record<N, ComponentType>>, name: N) =>
  lazy(async () => ({ default: (await load())[name] }));

const Segments = page(() => import("../pages/Segments"), "Segments");
const Segment = page(() => import("../pages/segment/Segment"), "Segment");

export function Pages() {
  return (
    <Suspense fallback={<Skeleton active className="page" />}>
      <Routes>
        <Route path="/segments" element={<Segments />} />
        <Route path="/segments/:name" element={<Segment />} />
        <Route path="/sign-in" element={<Navigate to="/" replace />} />
        <Route path="*" element={<Segments />} />
      </Routes>
    </Suspense>
  );
}
