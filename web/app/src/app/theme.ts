// How everything looks: one accent colour, the colours of the report, for light and for dark.
import type { ThemeConfig } from "antd";
import { theme } from "antd";

export interface Palette {
  paper: string;
  wash: string;
  ink: string;
  muted: string;
  line: string;
  accent: string;
  quiet: string;
  good: string;
  warn: string;
  bad: string;
  low: string;
  groups: string[];
}

export const LIGHT: Palette = {
  paper: "#ffffff",
  wash: "#f5f7f9",
  ink: "#1a2129",
  muted: "#586370",
  line: "#e1e6eb",
  accent: "#155a8a",
  quiet: "#a9c6da",
  good: "#1c7a57",
  warn: "#8a5a08",
  bad: "#b03427",
  low: "#eaf2f8",
  groups: ["#155a8a", "#2b8a9b", "#6aa56f", "#c99a2e", "#c2603c", "#8d4a72", "#5d6f86", "#9db4c8"],
};

export const DARK: Palette = {
  paper: "#171c22",
  wash: "#11151a",
  ink: "#e9edf1",
  muted: "#a3aeb9",
  line: "#2c343d",
  accent: "#6cb4e4",
  quiet: "#496b84",
  good: "#5cc39a",
  warn: "#e0ac52",
  bad: "#ee8576",
  low: "#1f2d38",
  groups: ["#6cb4e4", "#58b8c4", "#8cc48e", "#e0b95c", "#e08a68", "#c287ab", "#93a5bb", "#5d7890"],
};

export const FONT = '"Inter Variable", "Vazirmatn Variable", system-ui, sans-serif';

/** A colour thinned with the paper that it lies on, for grounds and edges of notes. */
function tint(colour: string, paper: string, share: number): string {
  const parts = (text: string) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  const under = parts(paper);
  const mixed = parts(colour).map((each, at) => Math.round(share * each + (1 - share) * under[at]!));
  return `#${mixed.map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

/** Notes lie on a light ground of their colour: what components derive from dark colours is grey. */
function notes({ paper, accent, good, warn, bad }: Palette, dark: boolean) {
  const [ground, edge] = dark ? [0.14, 0.4] : [0.07, 0.3];
  const colours = { Info: accent, Success: good, Warning: warn, Error: bad };
  return Object.fromEntries(
    Object.entries(colours).flatMap(([name, colour]) => [
      [`color${name}Bg`, tint(colour, paper, ground)],
      [`color${name}Border`, tint(colour, paper, edge)],
    ]),
  );
}

/** The tokens of the components. */
export function themeOf(palette: Palette, dark: boolean): ThemeConfig {
  const onAccent = dark ? "#0d1a24" : "#ffffff";
  return {
    // the styles of components come with the page, in antd.css; they are not made in the browser
    zeroRuntime: true,
    hashed: false,
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: palette.accent,
      colorInfo: palette.accent,
      colorLink: palette.accent,
      colorSuccess: palette.good,
      colorWarning: palette.warn,
      colorError: palette.bad,
      ...notes(palette, dark),
      colorText: palette.ink,
      colorTextSecondary: palette.muted,
      colorTextTertiary: palette.muted,
      colorTextDescription: palette.muted,
      colorTextPlaceholder: palette.muted,
      colorBgBase: palette.paper,
      colorBgContainer: palette.paper,
      colorBgElevated: dark ? "#1e252c" : palette.paper,
      colorBgLayout: palette.wash,
      colorBorder: dark ? "#434e59" : "#c9d1d9",
      colorBorderSecondary: palette.line,
      colorSplit: palette.line,
      fontFamily: FONT,
      fontFamilyCode: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
      fontSize: 14,
      fontWeightStrong: 600,
      borderRadius: 8,
      borderRadiusLG: 12,
      borderRadiusSM: 6,
      controlHeight: 34,
      wireframe: false,
      motion: !globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches, // else what closes waits for it
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.18s",
      boxShadowTertiary: "none",
    },
    components: {
      Button: { primaryColor: onAccent, primaryShadow: "none", defaultShadow: "none", fontWeight: 500 },
      Card: { headerFontSize: 15, headerHeight: 48, bodyPadding: 20 },
      Layout: { siderBg: palette.paper, headerBg: palette.paper, bodyBg: palette.wash, headerHeight: 56 },
      Menu: {
        itemBg: "transparent",
        itemSelectedBg: palette.low,
        itemSelectedColor: palette.accent,
        itemHeight: 36,
        itemMarginInline: 8,
        itemBorderRadius: 8,
        activeBarBorderWidth: 0,
        groupTitleColor: palette.muted,
        groupTitleFontSize: 12,
      },
      Table: {
        headerBg: "transparent",
        headerColor: palette.muted,
        headerSplitColor: "transparent",
        cellPaddingBlock: 11,
        rowHoverBg: palette.wash,
        borderColor: palette.line,
        headerSortActiveBg: "transparent",
        headerSortHoverBg: palette.wash,
        bodySortBg: "transparent",
      },
      Tabs: { horizontalItemPadding: "10px 0", titleFontSize: 14 },
      Segmented: { itemSelectedBg: palette.paper, trackBg: dark ? "#242c34" : "#e9edf1", itemColor: palette.muted },
      Statistic: { contentFontSize: 26 },
      Tag: { defaultBg: palette.low, defaultColor: palette.ink },
      Progress: { defaultColor: palette.accent, remainingColor: palette.line },
    },
  };
}
