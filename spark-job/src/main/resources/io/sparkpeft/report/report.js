(function () {
  "use strict";
  const specifications = JSON.parse(document.getElementById("charts").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const height = 320;
  let drawn = [];

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function axis(label) {
    return {
      label: label,
      stroke: colour("--soft"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { stroke: colour("--line"), width: 1 },
    };
  }

  // A dashed line where a phase begins.
  function boundaries(specification) {
    return function (plot) {
      const context = plot.ctx;
      context.save();
      context.strokeStyle = colour("--soft");
      context.fillStyle = colour("--soft");
      context.font = 11 * window.devicePixelRatio + "px system-ui, sans-serif";
      context.textAlign = "left";
      context.setLineDash([4, 4]);
      specification.boundaries.forEach(function (round, phase) {
        const x = plot.valToPos(round, "x", true);
        context.beginPath();
        context.moveTo(x, plot.bbox.top);
        context.lineTo(x, plot.bbox.top + plot.bbox.height);
        context.stroke();
        context.fillText("phase " + (phase + 2), x + 4, plot.bbox.top + 12 * window.devicePixelRatio);
      });
      context.restore();
    };
  }

  function draw(specification) {
    const holder = document.getElementById(specification.id);
    const few = specification.rounds.length <= 60;
    const options = {
      width: holder.clientWidth,
      height: height,
      scales: { x: { time: false } },
      axes: [
        Object.assign(axis("round"), { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] }),
        Object.assign(axis(specification.label), { size: 70 }),
      ],
      series: [{ label: "round" }].concat(
        specification.series.map(function (series, i) {
          const number = (i % 4) + 1;
          return {
            label: series.name,
            stroke: colour("--series-" + number),
            width: i === 0 ? 3 : 1.5,
            dash: i === 0 ? [] : [6, 3],
            spanGaps: true,
            points: { show: few, size: i === 0 ? 7 : 5, fill: colour("--series-" + number) },
            value: function (plot, value) {
              return value === null || value === undefined ? "–" : value.toFixed(4);
            },
          };
        })
      ),
      hooks: {
        draw: [
          boundaries(specification),
          function () {
            holder.setAttribute("data-drawn", String(specification.series.length));
          },
        ],
      },
    };
    const data = [specification.rounds].concat(specification.series.map((series) => series.values));
    return new uPlot(options, data, holder);
  }

  function drawAll() {
    drawn.forEach((plot) => plot.destroy());
    drawn = specifications.map(draw);
  }

  drawAll();
  dark.addEventListener("change", drawAll);
  window.addEventListener("resize", function () {
    drawn.forEach((plot) => plot.setSize({ width: plot.root.parentElement.clientWidth, height: height }));
  });
})();
