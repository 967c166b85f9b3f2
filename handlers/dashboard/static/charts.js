// Draws what the tables of the page of charts say, with Apache ECharts. Numbers come from the
// data-chart of each place. On canvas: nothing is written into the page that its CSP refuses.
"use strict";

const INK = "#1c2733", SOFT = "#566373", LINE = "#dde2e8";
const COLOURS = ["#1d63c9", "#5aa37c", "#c98512"];
const AXIS = { axisLine: { lineStyle: { color: LINE } }, axisLabel: { color: SOFT }, axisTick: { show: false } };
const HOW_MANY = { type: "value", minInterval: 1, ...AXIS, splitLine: { lineStyle: { color: "#eef1f4" } } };
const BASE = {
  color: COLOURS,
  animation: false,
  textStyle: { color: INK, fontFamily: getComputedStyle(document.body).fontFamily },
  grid: { left: 12, right: 18, top: 42, bottom: 12, containLabel: true },
  tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, confine: true },
};

function legend(series) {
  return { show: series.length > 1, top: 8, textStyle: { color: SOFT }, itemHeight: 10 };
}

function drawn(one) {
  const line = { type: "line", symbolSize: 5, lineStyle: { width: 2 }, z: 3, itemStyle: { color: COLOURS[2] } };
  const bar = { type: "bar", barMaxWidth: 26 };
  return { name: one.name, data: one.values, ...(one.line ? line : bar) };
}

function course(it) {
  return {
    ...BASE,
    legend: legend(it.series),
    xAxis: { type: "category", data: it.names, ...AXIS },
    yAxis: HOW_MANY,
    series: it.series.map(drawn),
  };
}

function bars(it) {
  const label = { show: true, position: "right", color: SOFT };
  return {
    ...BASE,
    grid: { ...BASE.grid, top: it.series.length > 1 ? 42 : 14, right: 34 },
    legend: legend(it.series),
    xAxis: HOW_MANY,
    yAxis: { type: "category", data: it.names, inverse: true, ...AXIS },
    series: it.series.map((one) => ({ ...drawn(one), label })),
  };
}

// A dot where the share lies, a line from the lower to the upper end of its interval.
function ends(params, api) {
  const [low, high] = [api.coord([api.value(0), api.value(2)]), api.coord([api.value(1), api.value(2)])];
  const style = { stroke: COLOURS[0], lineWidth: 2, fill: null };
  const stroke = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
  return {
    type: "group",
    children: [
      stroke(low[0], low[1], high[0], high[1]),
      stroke(low[0], low[1] - 6, low[0], low[1] + 6),
      stroke(high[0], high[1] - 6, high[0], high[1] + 6),
    ],
  };
}

function ranges(it) {
  const [share, low, high] = it.series.map((one) => one.values);
  const seen = share.map((_, row) => row).filter((row) => share[row] !== null);
  const names = seen.map((row) => it.names[row]);
  const dots = seen.map((row, place) => [share[row], place]);
  const label = { show: true, position: "top", color: INK, formatter: (at) => `${at.value[0]}%` };
  return {
    ...BASE,
    grid: { ...BASE.grid, top: 24, right: 36 },
    tooltip: { show: false },
    xAxis: { type: "value", min: 0, max: 100, ...AXIS, axisLabel: { color: SOFT, formatter: "{value}%" }, splitLine: HOW_MANY.splitLine },
    yAxis: { type: "category", data: names, inverse: true, ...AXIS },
    series: [
      { type: "custom", renderItem: ends, encode: { x: [0, 1], y: 2 }, data: seen.map((row, place) => [low[row], high[row], place]) },
      { type: "scatter", symbolSize: 11, data: dots, label },
    ],
  };
}

function heat(it) {
  const cells = it.series.flatMap((one, row) => one.values.map((count, hour) => [hour, row, count || "-"]));
  const most = Math.max(1, ...it.series.flatMap((one) => one.values));
  return {
    ...BASE,
    grid: { ...BASE.grid, top: 14, bottom: 8 },
    tooltip: { ...BASE.tooltip, trigger: "item", formatter: (at) => `${it.rows[at.value[1]]}${at.value[0]}点 ${at.value[2]}件` },
    xAxis: { type: "category", data: it.names, ...AXIS },
    yAxis: { type: "category", data: it.rows, inverse: true, ...AXIS },
    visualMap: { show: false, min: 0, max: most, inRange: { color: ["#e8f0fc", "#8ab4ee", "#1d63c9", "#123f7a"] } },
    series: [{ type: "heatmap", data: cells, label: { show: true, fontSize: 11 }, itemStyle: { borderColor: "#fff", borderWidth: 1 } }],
  };
}

const FORMS = { course, bars, ranges, heat };

function draw(place) {
  const it = JSON.parse(place.dataset.chart);
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(FORMS[it.form](it));
  new ResizeObserver(() => chart.resize()).observe(place);
  place.dataset.drawn = "yes";
}

document.querySelectorAll("[data-chart]").forEach(draw);
