/* Crystals on a page: a slider for the bonds, and 3Dmol.js, which is loaded when a reader asks to turn a crystal. */
(() => {
  const here = document.currentScript.src;
  const STEP = 10; // degrees per key
  const KEYS = { ArrowLeft: [-STEP, "y"], ArrowRight: [STEP, "y"], ArrowUp: [-STEP, "x"], ArrowDown: [STEP, "x"] };
  const SEEN = [-0.6022, -0.128, -0.1638, 0.7708]; // from where the drawing is seen, as a quaternion
  let library;

  function load() {
    library ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = new URL("3dmol/3Dmol-min.js", here);
      script.onload = () => done(window.$3Dmol);
      script.onerror = () => failed(new Error("the viewer could not be loaded"));
      document.head.append(script);
    });
    return library;
  }

  const width = (weight) => (weight ? 2 + 6 * weight : 0); // as in the drawing that Python made

  const channels = (colour) => colour.match(/\d+/g).slice(0, 3).map(Number);
  const hex = (parts) => `#${parts.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

  class Panel {
    constructor(element, scene) {
      this.stage = element.querySelector(".crystal-stage");
      this.drawn = element.querySelectorAll(".bond");
      this.note = element.querySelector(".note");
      this.scene = scene;
      this.atoms = scene.xyz.split("\n").slice(2).map((line) => line.split(" ").slice(1).map(Number));
    }

    show(count) {
      this.count = count;
      this.drawn.forEach((line, i) => line.setAttribute("stroke-width", width(this.scene.bonds[i][2][count - 1])));
      if (this.scene.says.length) this.note.textContent = this.scene.says[count - 1];
      if (this.viewer) this.build();
    }

    turn(library) {
      const svg = this.stage.querySelector("svg");
      const size = this.stage.getBoundingClientRect();
      const canvas = document.createElement("div");
      canvas.className = "crystal-canvas";
      canvas.style.height = `${Math.round(size.height)}px`;
      canvas.tabIndex = 0;
      canvas.setAttribute("role", "application");
      canvas.setAttribute("aria-label", `${svg.getAttribute("aria-label")} Arrow keys turn it.`);
      this.stage.append(canvas);
      this.viewer = library.createViewer(canvas, { backgroundAlpha: 0, orthographic: true });
      if (!this.viewer) throw new Error("this browser draws nothing in 3-D");
      svg.style.display = "none";
      const model = this.viewer.addModel(this.scene.xyz, "xyz", { assignBonds: false });
      const names = this.scene.xyz.split("\n").slice(2).map((line) => line.split(" ")[0]);
      const ground = channels(getComputedStyle(document.body).backgroundColor);
      this.scene.filled.forEach((filled, serial) => {
        const full = this.scene.colours[names[serial]].match(/\w\w/g).map((part) => parseInt(part, 16));
        const color = hex(full.map((part, i) => part * filled + ground[i] * (1 - filled)));
        model.setStyle({ serial }, { sphere: { radius: 0.42, color } });
      });
      this.build();
      this.viewer.zoomTo();
      this.viewer.setView([...this.viewer.getView().slice(0, 4), ...SEEN]);
      // As large as the drawing, which has 40 units per Å.
      const [x, y, z] = this.atoms[0];
      const [low, high] = [z, z + 1].map((height) => this.viewer.modelToScreen({ x, y, z: height }).y);
      const scale = (size.height / svg.viewBox.baseVal.height) * 40 * Math.cos((14 * Math.PI) / 180);
      this.viewer.zoom(scale / Math.abs(high - low));
      this.viewer.render();
      canvas.addEventListener("keydown", (event) => {
        if (!KEYS[event.key]) return;
        event.preventDefault();
        this.viewer.rotate(...KEYS[event.key]);
      });
    }

    build() {
      const colour = hex(channels(getComputedStyle(this.stage).color));
      const point = ([x, y, z]) => ({ x, y, z });
      this.viewer.removeAllShapes();
      for (const [start, end] of this.scene.cell) {
        this.viewer.addCylinder({ start: point(start), end: point(end), radius: 0.02, color: colour });
      }
      this.bonds = this.scene.bonds.filter((bond) => bond[2][this.count - 1]);
      for (const [start, end, weights] of this.bonds) {
        const ends = { start: point(this.atoms[start]), end: point(this.atoms[end]) };
        this.viewer.addCylinder({ ...ends, radius: 0.03 + 0.09 * weights[this.count - 1], color: "#9aa0a6" });
      }
      this.viewer.render();
    }
  }

  function start(figure) {
    const scenes = JSON.parse(figure.dataset.crystals);
    const panels = [...figure.querySelectorAll(".crystal")].map((element, i) => new Panel(element, scenes[i]));
    const [slider, button, status] = ["input", "button", "[role=status]"].map((at) => figure.querySelector(at));
    figure.querySelector(".crystal-tools").hidden = false;
    const show = () => panels.forEach((panel) => panel.show(Number(slider?.value ?? 1)));
    slider?.addEventListener("input", () => {
      slider.nextElementSibling.textContent = slider.value;
      show();
    });
    show();
    button.addEventListener("click", async () => {
      button.disabled = true;
      status.textContent = "loading …";
      try {
        const library = await load();
        panels.forEach((panel) => panel.turn(library));
        figure.querySelector(".crystal-canvas").focus();
        button.hidden = true;
        status.textContent = "Drag a crystal, or use the arrow keys on it.";
      } catch (error) {
        status.textContent = `The drawing stays: ${error.message}.`;
      }
    });
    figure.panels = panels;
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("figure.crystals").forEach(start));
})();
