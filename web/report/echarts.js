// The part of ECharts that Segmentry draws with. Chart options are built in Python
// (segmentry.report.charts). A chart or component used there and missing here draws nothing,
// so the two lists change together.
import {
  BarChart,
  HeatmapChart,
  LineChart,
  PieChart,
  SankeyChart,
  ScatterChart,
  TreemapChart,
} from "echarts/charts";
import {
  AriaComponent,
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import {
  dispose,
  format,
  getInstanceByDom,
  init,
  registerLocale,
  registerTheme,
  use,
  version,
} from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart,
  HeatmapChart,
  LineChart,
  PieChart,
  SankeyChart,
  ScatterChart,
  TreemapChart,
  AriaComponent,
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
  LabelLayout,
  SVGRenderer,
]);

// What a page may call. `format.encodeHTML` is here because tooltips do not escape names.
globalThis.echarts = {
  dispose,
  format,
  getInstanceByDom,
  init,
  registerLocale,
  registerTheme,
  version,
};
