import { Page } from "../../parts/Page";
export function Segment() {
  return <Page title="…"> </Page>;
}
