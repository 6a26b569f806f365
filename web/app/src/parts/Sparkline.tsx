// How a size went, small; the number beside it says where it is.
export function Sparkline({ values: given, label }: { values: (number | null)[]; label: string }) {
  const values = given.filter((each) => each !== null);
  if (values.length < 2) return <span className="muted">–</span>;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const across = (place: number) => 2 + (place / (values.length - 1)) * 92;
  const up = (value: number) => 24 - ((value - low) / (high - low || 1)) * 20;
  const line = values.map((value, place) => `${across(place).toFixed(1)},${up(value).toFixed(1)}`).join(" ");
  return (
    <svg className="spark" viewBox="0 0 96 28" role="img" aria-label={label} preserveAspectRatio="none">
      <polyline points={line} fill="none" stroke="currentColor" strokeWidth="1.6" vectorEffect="non-scaling-stroke" strokeLinejoin="round" />
      <circle cx={across(values.length - 1)} cy={up(values.at(-1)!)} r="2.4" fill="currentColor" />
    </svg>
  );
}
