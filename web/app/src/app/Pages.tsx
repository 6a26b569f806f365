// What is shown at which address; each page is loaded when it is first gone to.
import { Skeleton } from "antd";
import type { ComponentType } from "react";
import { Suspense, lazy } from "react";
import { Navigate, Route, Routes } from "react-router";

const page = <N extends string>(load: () => Promise<Record<N, ComponentType>>, name: N) =>
  lazy(async () => ({ default: (await load())[name] }));

const Overview = page(() => import("../pages/Overview"), "Overview");
const Segments = page(() => import("../pages/Segments"), "Segments");
const Segment = page(() => import("../pages/segment/Segment"), "Segment");
const Builder = page(() => import("../pages/Builder"), "Builder");
const Rfm = page(() => import("../pages/Rfm"), "Rfm");
const Lifecycle = page(() => import("../pages/Lifecycle"), "Lifecycle");
const Compare = page(() => import("../pages/Compare"), "Compare");
const Value = page(() => import("../pages/Value"), "Value");
const Runs = page(() => import("../pages/Runs"), "Runs");
const Customers = page(() => import("../pages/Customers"), "Customers");
const Customer = page(() => import("../pages/Customer"), "Customer");
const Discover = page(() => import("../pages/Discover"), "Discover");
const Data = page(() => import("../pages/data/Data"), "Data");
const Import = page(() => import("../pages/data/Import"), "Import");
const Settings = page(() => import("../pages/settings/Settings"), "Settings");
const Lost = page(() => import("../pages/Lost"), "Lost");

export function Pages() {
  return (
    <Suspense fallback={<Skeleton active className="page" />}>
      <Routes>
        <Route path="/" element={<Overview />} />
        <Route path="/segments" element={<Segments />} />
        <Route path="/segments/:name" element={<Segment />} />
        <Route path="/builder" element={<Builder />} />
        <Route path="/rfm" element={<Rfm />} />
        <Route path="/lifecycle" element={<Lifecycle />} />
        <Route path="/compare" element={<Compare />} />
        <Route path="/value" element={<Value />} />
        <Route path="/discover" element={<Discover />} />
        <Route path="/customers" element={<Customers />} />
        <Route path="/customers/:id" element={<Customer />} />
        <Route path="/data" element={<Data />} />
        <Route path="/data/import" element={<Import />} />
        <Route path="/settings" element={<Settings />} />
        <Route path="/runs" element={<Runs />} />
        <Route path="/sign-in" element={<Navigate to="/" replace />} />
        <Route path="*" element={<Lost />} />
      </Routes>
    </Suspense>
  );
}
