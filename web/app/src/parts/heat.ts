// Colours of a cell by how much is in it, and the ink that can be read on them.
import type { Palette } from "../app/theme";

const ENOUGH = 4.5; // WCAG AA for text

/** Background and ink of a cell that holds `share` (0 to 1) of the most. */
export function heat(palette: Palette, share: number): { background: string; color: string } {
  const background = mix(palette.low, palette.accent, Math.min(Math.max(share, 0), 1));
  return { background, color: inkOn(palette, background) };
}

/** The ink that can be read on a colour. */
export function inkOn(palette: Palette, background: string): string {
  const inks = [palette.ink, palette.paper, "#000000", "#ffffff"];
  return inks.find((ink) => contrast(ink, background) >= ENOUGH) ?? "#000000";
}

/** The colour `share` of the way from one to another; all are `#rrggbb`. */
export function mix(from: string, to: string, share: number): string {
  const [start, end] = [channels(from), channels(to)];
  const mixed = start.map((each, place) => Math.round(each + (end[place]! - each) * share));
  return `#${mixed.map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

/** The contrast of two colours as WCAG defines it: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((each) => {
    const part = each / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}
