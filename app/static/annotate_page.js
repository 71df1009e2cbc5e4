// The labelling page alone, outside Gradio: follows the system's theme, and mounts the component.

import { mount } from "./annotate.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const chosen = localStorage.getItem("sounding-theme");
const follow = () => document.body.classList.toggle("dark", chosen ? chosen === "dark" : dark.matches);
follow();
dark.addEventListener("change", follow);
mount(document.getElementById("annotate"), { standalone: true });
