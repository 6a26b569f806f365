"use strict";
// Folds and unfolds, and draws the charts. All text and numbers are already in the options.
(() => {
  // The contents fold away where there is no room beside the page; what is folded prints open,
  // but for the long list of smaller segments.
  const contents = document.querySelector("nav details");
  const wide = matchMedia("(min-width: 1200px)");
  const unfold = () => (contents.open = wide.matches);
  unfold();
  wide.addEventListener("change", unfold);
  contents.addEventListener("click", (event) => {
    if (event.target.closest("a") && !wide.matches) contents.open = false;
  });
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll(".method:not([open], .smaller)")];
    for (const method of folded) method.open = true;
  });
  addEventListener("afterprint", () => {
    for (const method of folded) method.open = false;
  });

  const echarts = globalThis.echarts;
  if (!echarts) return;
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const options = JSON.parse(document.getElementById("charts").textContent);
  const boxes = [...document.querySelectorAll("[data-chart]")];

  // Numbers on axes, as the language of the page writes them.
  const number = new Intl.NumberFormat(root.lang);
  const axes = (option) => [option.xAxis, option.yAxis].flat().filter((axis) => axis?.type === "value");
  for (const axis of Object.values(options).flatMap(Object.values).flatMap(axes)) {
    const pattern = axis.axisLabel?.formatter ?? "{value}";
    axis.axisLabel = { ...axis.axisLabel, formatter: (value) => pattern.replace("{value}", number.format(value)) };
  }

  root.classList.add("charted");
  for (const details of document.querySelectorAll("figure > details")) details.open = false;

  const charts = boxes.map((box) => ({
    box,
    chart: echarts.init(box, null, { renderer: "svg" }),
    option: options[box.dataset.chart],
  }));

  // Flushed, so that the charts are there at once and not with the next frame.
  const paint = (theme) => {
    for (const { chart, option } of charts) {
      chart.setOption(option[theme], true);
      chart.getZr().flush();
    }
  };
  const fit = () => {
    for (const { box, chart } of charts) {
      if (box.clientWidth && box.clientWidth !== chart.getWidth()) chart.resize();
    }
  };
  const choose = () => paint(dark.matches ? "dark" : "light");

  choose();
  root.dataset.ready = "true";
  dark.addEventListener("change", choose);
  new ResizeObserver(fit).observe(document.querySelector("main"));

  // Paper is light and as wide as A4, whatever the screen is.
  addEventListener("beforeprint", () => {
    root.classList.add("printing");
    fit();
    paint("light");
  });
  addEventListener("afterprint", () => {
    root.classList.remove("printing");
    fit();
    choose();
  });
})();
