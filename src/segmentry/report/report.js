"use strict";
// Draws the charts of the report. All text and numbers are already in the options.
(() => {
  const echarts = globalThis.echarts;
  if (!echarts) return;
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const options = JSON.parse(document.getElementById("charts").textContent);
  const boxes = [...document.querySelectorAll("[data-chart]")];

  root.classList.add("charted");
  for (const details of document.querySelectorAll("figure > details")) details.open = false;

  let waiting = boxes.length;
  const charts = boxes.map((box) => {
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.on("finished", function ready() {
      chart.off("finished", ready);
      waiting -= 1;
      if (waiting === 0) root.dataset.ready = "true";
    });
    return { box, chart, option: options[box.dataset.chart] };
  });
  if (!waiting) root.dataset.ready = "true";

  const paint = (theme) => {
    for (const { chart, option } of charts) chart.setOption(option[theme], true);
  };
  const fit = () => {
    for (const { box, chart } of charts) {
      if (box.clientWidth && box.clientWidth !== chart.getWidth()) chart.resize();
    }
  };
  const choose = () => paint(dark.matches ? "dark" : "light");

  choose();
  dark.addEventListener("change", choose);
  new ResizeObserver(fit).observe(document.querySelector("main"));

  // Paper is light and as wide as A4, whatever the screen is.
  const flush = () => {
    for (const { chart } of charts) chart.getZr().flush();
  };
  addEventListener("beforeprint", () => {
    root.classList.add("printing");
    fit();
    paint("light");
    flush();
  });
  addEventListener("afterprint", () => {
    root.classList.remove("printing");
    fit();
    choose();
  });
})();
