// Draws the pictures of a report from the figures beside them. Colors are those of the page; nothing moves.
const tokens = getComputedStyle(document.documentElement);
const FEW = 12; // points of a line that stand in the middle of their label, which at the edge would run into the axis
const color = (name) => tokens.getPropertyValue(`--${name}`).trim();

function axis(data) {
  const line = { lineStyle: { color: color("line-strong") } };
  const label = { color: color("muted"), fontFamily: color("font"), hideOverlap: true };
  return {
    xAxis: { type: "category", data: data.labels, axisLine: line, axisLabel: label, boundaryGap: data.kind === "bar" || data.labels.length <= FEW },
    yAxis: { type: "value", name: data.unit, min: data.range?.[0], max: data.range?.[1], nameTextStyle: { color: color("muted"), align: "left" }, axisLabel: label, splitLine: { lineStyle: { color: color("line") } } },
  };
}

// Lines that a figure reaches or not, each with its name at the end.
function limits(data) {
  return (data.lines ?? []).map(({ value, label }) => ({
    name: label, type: "line", data: data.labels.map(() => value), color: color("muted"), showSymbol: false, silent: true,
    lineStyle: { width: 1, type: "dashed" }, endLabel: { show: true, formatter: label, color: color("muted"), fontFamily: color("font") },
  }));
}

function series(data) {
  return data.series.map(({ name, tone, values }) => ({
    name, type: data.kind, data: values, color: color(`${tone}-solid`), connectNulls: false, barMaxWidth: 40,
    symbolSize: 6, showSymbol: values.length < 40, lineStyle: { width: 2.5 },
  }));
}

// Few bars get their whole names, broken into lines; of many, those are named that fit, cut where they would leave the picture.
function named(data, width) {
  if (data.kind !== "bar") return {};
  const room = Math.floor((width - 80) / data.labels.length);
  const label = room > 60 ? { interval: 0, width: room - 8, overflow: "break" } : { width: 1.5 * room, overflow: "truncate" };
  return { xAxis: { axisLabel: label } };
}

function draw(figure) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  figure.hidden = false;
  const area = figure.querySelector(".chart-area");
  const chart = window.echarts.init(area, null, { renderer: "canvas" });
  chart.setOption({
    animation: false, grid: { left: 8, right: data.lines ? 32 : 16, top: 36, bottom: 8, containLabel: true }, ...axis(data), series: [...series(data), ...limits(data)],
  });
  new ResizeObserver(() => {
    chart.resize();
    chart.setOption(named(data, area.clientWidth));
  }).observe(figure);
}

// The library comes as a classic script that waits for the page as this one does; without it the tables remain.
if (window.echarts) {
  document.querySelectorAll("[data-chart]").forEach(draw);
}
