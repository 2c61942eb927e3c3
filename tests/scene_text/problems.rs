//! Scenes with something wrong, each with the exact message.

use super::{layer, with_film};

pub fn all() -> Vec<(String, String)> {
    let mut list = Vec::new();
    for (part, by, message) in FILM_PROBLEMS {
        list.push((with_film(part, by), message.to_string()));
    }
    for (keys, message) in LAYER_PROBLEMS {
        list.push((layer(keys), message.to_string()));
    }
    for (text, message) in WHOLE_PROBLEMS {
        list.push((text.to_string(), message.to_string()));
    }
    list
}

/// A part of the explicit film, what stands in its place, and the message.
const FILM_PROBLEMS: &[(&str, &str, &str)] = &[
    ("schema = 1", "", "scene.toml: schema is missing"),
    ("schema = 1", "schema = 2", "scene.toml:3: schema must be 1, got 2"),
    (
        "schema = 1",
        "schema = 1\npolarisation = \"both\"",
        "scene.toml:4: polarisation must be \"average\" or \"track\", got \"both\"",
    ),
    (
        "schema = 1",
        "schema = 1\nrecycling = \"off\"",
        "scene.toml:4: recycling must be \"on\" or \"lost\" or \"transparent\", got \"off\"",
    ),
    ("schema = 1", "schema = 1\noutput = 3", "scene.toml:4: output must be \"front\" or \"back\", got 3"),
    (
        "schema = 1",
        "schema = 1\ncolour = 3",
        "scene.toml:4: unknown key 'colour'; known here: schema, title, polarisation, recycling, output, front, back, source, layer, extent",
    ),
    (
        "schema = 1",
        "schema = 1\npolarization = \"average\"",
        "scene.toml:4: unknown key 'polarization'; did you mean 'polarisation'?",
    ),
    ("title = \"Hazy 50 um film, explicit numbers\"", "title = 5", "scene.toml:4: title must be text, got 5"),
    ("[front]\nindex = 1.0", "[front]\nindex = 0.9", "scene.toml:7: front: index must lie in 1..=10, got 0.9"),
    (
        "[front]\nindex = 1.0",
        "[front]\nindex = { n = 1.5, k = 0.1 }",
        "scene.toml:7: front: index: this medium is taken as transparent; leave out k",
    ),
    (
        "[back]\nindex = 1.0",
        "[back]\nreflector = { kind = \"mirror\", reflectance = 1.1 }",
        "scene.toml:9: back: reflector: kind must be \"specular\" or \"diffuse\", got \"mirror\"\nscene.toml:9: back: reflector: reflectance must lie in 0..=1, got 1.1",
    ),
    (
        "[back]\nindex = 1.0",
        "[back]\nreflector = { reflectivity = 0.9, gap = \"glue\" }",
        "scene.toml:9: back: reflector: gap must be \"contact\" or \"air\", got \"glue\"\nscene.toml:9: back: reflector: kind is missing\nscene.toml:9: back: reflector: reflectance is missing\nscene.toml:9: back: reflector: unknown key 'reflectivity'; did you mean 'reflectance'?",
    ),
    (
        "kind = \"beam\"",
        "kind = \"laser\"",
        "scene.toml:12: source: kind must be \"beam\" or \"lambertian\" or \"internal\" or \"electroluminescence\", got \"laser\"",
    ),
    (
        "kind = \"beam\"",
        "kind = \"lambertian\"",
        "scene.toml:14: source: angle_deg is for a beam; Lambertian light comes from all directions",
    ),
    (
        "kind = \"beam\"\nwavelength_nm = 450.0",
        "kind = \"internal\"\nlayer = \"film\"\nwavelength_nm = 450",
        "scene.toml:14: source: wavelength_nm is for light from outside; an internal source emits the emitter's own spectrum\nscene.toml:15: source: angle_deg is for a beam; an internal source emits in all directions",
    ),
    (
        "kind = \"beam\"\nwavelength_nm = 450.0\nangle_deg = 0.0",
        "kind = \"internal\"",
        "scene.toml:11: source: layer is missing",
    ),
    (
        "kind = \"beam\"\nwavelength_nm = 450.0\nangle_deg = 0.0",
        "kind = \"internal\"\nlayer = \"fim\"",
        "scene.toml:13: source: no layer 'fim'; the layers are 'film'",
    ),
    (
        "kind = \"beam\"\nwavelength_nm = 450.0\nangle_deg = 0.0",
        "kind = \"internal\"\nlayer = \"film\"\nemitter = \"x\"",
        "scene.toml:14: source: no emitter 'x' in layer 'film', which has 'MAPbBr3'",
    ),
    ("angle_deg = 0.0", "angle_deg = 91", "scene.toml:14: source: angle_deg must lie in 0..=90, got 91"),
    (
        "angle_deg = 0.0",
        "angle_rad = 0.5",
        "scene.toml:14: source: unknown key 'angle_rad'; the unit is part of the key: angle_deg",
    ),
    (
        "angle_deg = 0.0",
        "layer = \"film\"",
        "scene.toml:14: source: layer is for an internal source or electroluminescence",
    ),
    ("angle_deg = 0.0", "spot = \"disc\"", "scene.toml:14: source: spot must be \"point\" or \"face\", got \"disc\""),
    (
        "angle_deg = 0.0",
        "spot = { radius_mm = 11 }\n[extent]\nwidth_mm = 20\ndepth_mm = 30",
        "scene.toml:14: source: spot: a disc of radius 11 mm does not fit the face of 20 x 30 mm",
    ),
    (
        "angle_deg = 0.0",
        "[extent]\nwidth_mm = -20\nedges = \"rough\"",
        "scene.toml:14: extent: depth_mm is missing\nscene.toml:15: extent: width_mm must lie in 1e-6..=1e6, got -20\nscene.toml:16: extent: edges must be \"open\" or \"mirror\" or \"absorbing\", got \"rough\"",
    ),
    ("wavelength_nm = 450.0", "", "scene.toml:11: source: give wavelength_nm or spectrum"),
    (
        "wavelength_nm = 450.0",
        "wavelength_nm = \"450\"",
        "scene.toml:13: source: wavelength_nm must be a number, got the text \"450\"; write it without quotes",
    ),
    (
        "wavelength_nm = 450.0",
        "wavelength_nm = 0.45",
        "scene.toml:13: source: wavelength_nm must lie in 100..=20000, got 0.45",
    ),
    (
        "wavelength_nm = 450.0",
        "wavelength_um = 0.45",
        "scene.toml:11: source: give wavelength_nm or spectrum\nscene.toml:13: source: unknown key 'wavelength_um'; the unit is part of the key: wavelength_nm",
    ),
    (
        "wavelength_nm = 450.0",
        "wavelength_nm = 450\nspectrum = \"blue_led\"",
        "scene.toml:14: source: give wavelength_nm or spectrum, not both",
    ),
    (
        "wavelength_nm = 450.0",
        "spectrum = \"blue_lde\"",
        "scene.toml:13: source: spectrum: no spectrum \"blue_lde\"; did you mean \"blue_led\"?",
    ),
    (
        "wavelength_nm = 450.0",
        "spectrum = 450",
        "scene.toml:13: source: spectrum must be a table such as { peak_nm, fwhm_nm }, got 450; one wavelength is { line_nm = ... }",
    ),
    ("wavelength_nm = 450.0", "spectrum = { peak_nm = 450 }", "scene.toml:13: source: spectrum: fwhm_nm is missing"),
    ("plqy = 0.996", "", "scene.toml:22: layer 'film': emitter 'MAPbBr3': plqy is missing"),
    (
        "plqy = 0.996",
        "plqy = nan",
        "scene.toml:24: layer 'film': emitter 'MAPbBr3': plqy must be a finite number, got NaN",
    ),
    (
        "plqy = 0.996",
        "plqy = 1.0\ndipole = { position = 0.5 }",
        "scene.toml:25: layer 'film': emitter 'MAPbBr3': dipole needs a coherent layer: write coherent = true in the layer",
    ),
    (
        "plqy = 0.996",
        "plqy = 1.0\nlifetime_ns = 0",
        "scene.toml:25: layer 'film': emitter 'MAPbBr3': lifetime_ns must be above 0 and at most 1e9, got 0",
    ),
    (
        "plqy = 0.996",
        "plqy = 1.0\nconcentration_wt_pct = 20",
        "scene.toml:25: layer 'film': emitter 'MAPbBr3': unknown key 'concentration_wt_pct'; it goes with material = \"...\"",
    ),
    ("name = \"MAPbBr3\"", "", "scene.toml:22: layer 'film': emitter 'emitter1': name is missing"),
    (
        "name = \"MAPbBr3\"",
        "name = \"host\"",
        "scene.toml:22: layer 'film': emitter 'host': the name 'host' is kept for the layer's own absorption; choose another",
    ),
    (
        "peak_nm = 530.0, fwhm_nm = 20.0",
        "",
        "scene.toml:26: layer 'film': emitter 'MAPbBr3': emission: give one of peak_nm, wavelength_nm, line_nm, file, got none",
    ),
    (
        "peak_nm = 530.0, fwhm_nm = 20.0",
        "peak_nm = 530, fwhm_nm = 0",
        "scene.toml:26: layer 'film': emitter 'MAPbBr3': emission: fwhm_nm must lie in 0.001..=2000 (for a line: line_nm), got 0",
    ),
    (
        "peak_nm = 530.0, fwhm_nm = 20.0",
        "peak_nm = 530, line_nm = 530",
        "scene.toml:26: layer 'film': emitter 'MAPbBr3': emission: give one of peak_nm, wavelength_nm, line_nm, file, got peak_nm and line_nm",
    ),
    (
        "peak_nm = 530.0, fwhm_nm = 20.0",
        "peak_nm = 530, fwhm_nm = 1000",
        "scene.toml:26: layer 'film': emitter 'MAPbBr3': emission: reaches 1..2653.3045 nm, beyond 50..30000 nm; make it narrower",
    ),
    (
        "peak_nm = 530.0, fwhm_nm = 20.0",
        "wavelength_nm = [500, 600], value = [0, 0]",
        "scene.toml:26: layer 'film': emitter 'MAPbBr3': emission: the spectrum has no area: all zero",
    ),
    (
        "peak_nm = 530.0, fwhm_nm = 20.0",
        "wavelength_nm = [500], value = [1]",
        "scene.toml:26: layer 'film': emitter 'MAPbBr3': emission: the spectrum has no area: one point has no width; one wavelength is { line_nm = ... }",
    ),
    (
        "peak_nm = 530.0, fwhm_nm = 20.0",
        "wavelength_nm = [500, 600], value = [1, -1]",
        "scene.toml:26: layer 'film': emitter 'MAPbBr3': emission: value: point 2 must lie in 0..=1e30, got -1",
    ),
    (
        ", extrapolate = \"flat\"",
        "",
        "scene.toml:25: layer 'film': emitter 'MAPbBr3': absorption: stated for 440..560 nm, but emission of 'MAPbBr3' reaches 487.5339..572.4661 nm; add extrapolate = \"flat\" or a wider table",
    ),
    (
        ", extrapolate = \"flat\"",
        ", extrapolate = \"linear\"",
        "scene.toml:25: layer 'film': emitter 'MAPbBr3': absorption: extrapolate must be \"flat\", got \"linear\"",
    ),
    (
        "per_cm = [1500, 800, 600, 200, 40, 8, 1]",
        "per_cm = [1500, 800]",
        "scene.toml:25: layer 'film': emitter 'MAPbBr3': absorption: has 7 wavelengths but 2 values",
    ),
    (
        "per_cm = [1500, 800, 600, 200, 40, 8, 1]",
        "per_cm = [1500, 800, 600, 200, 40, inf, 1]",
        "scene.toml:25: layer 'film': emitter 'MAPbBr3': absorption: per_cm: point 6 must be a finite number, got inf",
    ),
    (
        "per_cm = [1500, 800, 600, 200, 40, 8, 1]",
        "per_cm = [1500, 800, 600, 200, 40, \"8\", 1]",
        "scene.toml:25: layer 'film': emitter 'MAPbBr3': absorption: per_cm: point 6 must be a number, got the text \"8\"; write it without quotes",
    ),
    (
        "wavelength_nm = [440, 500, 520,",
        "wavelength_nm = [440, 520, 500,",
        "scene.toml:25: layer 'film': emitter 'MAPbBr3': absorption: wavelengths must rise; point 3 (500 nm) comes after a longer one",
    ),
    (
        "g = 0.7",
        "g = 1.0",
        "scene.toml:20: layer 'film': scattering: g must lie between -1 and 1, both excluded, got 1",
    ),
    ("g = 0.7", "", "scene.toml:20: layer 'film': scattering: g is missing"),
    (
        "mu_s_per_cm = 200.0",
        "mu_s = 200.0",
        "scene.toml:20: layer 'film': scattering: mu_s_per_cm is missing\nscene.toml:20: layer 'film': scattering: unknown key 'mu_s'; did you mean 'mu_s_per_cm'?",
    ),
    (
        "mu_s_per_cm = 200.0",
        "kind = \"mie\"",
        "scene.toml:20: layer 'film': scattering: kind = \"mie\" comes in a later version; give mu_s_per_cm and g",
    ),
    (
        "mu_s_per_cm = 200.0",
        "kind = \"rayleigh\", mu_s_per_cm = -1",
        "scene.toml:20: layer 'film': scattering: kind must be \"hg\", got \"rayleigh\"\nscene.toml:20: layer 'film': scattering: mu_s_per_cm must lie in 0..=1e9, got -1",
    ),
];

/// Keys of the only layer, from line 6, and the message.
const LAYER_PROBLEMS: &[(&str, &str)] = &[
    ("index = 1.5", "scene.toml:4: layer 'l': thickness is missing: thickness_um, thickness_nm or thickness_mm"),
    ("thickness_um = 50", "scene.toml:4: layer 'l': index is missing"),
    (
        "thickness_um = 50\nthickness_nm = 50\nindex = 1.5",
        "scene.toml:4: layer 'l': give one thickness, not thickness_um and thickness_nm",
    ),
    ("thickness_um = 0\nindex = 1.5", "scene.toml:6: layer 'l': thickness_um must be above 0 and at most 1e9, got 0"),
    ("thickness_um = inf\nindex = 1.5", "scene.toml:6: layer 'l': thickness_um must be a finite number, got inf"),
    (
        "thickness_mm = 1e6\nindex = 1.5",
        "scene.toml:6: layer 'l': thickness_mm must give 1e-6..=1e7 um, got 1000000000 um",
    ),
    (
        "thickness_cm = 1\nindex = 1.5",
        "scene.toml:4: layer 'l': thickness is missing: thickness_um, thickness_nm or thickness_mm\nscene.toml:6: layer 'l': unknown key 'thickness_cm'; the unit is part of the key: thickness_um or thickness_nm or thickness_mm",
    ),
    (
        "thickness_um = 50\nn = 1.5",
        "scene.toml:4: layer 'l': index is missing\nscene.toml:7: layer 'l': unknown key 'n'; did you mean 'index'?",
    ),
    ("thickness_um = 50\nindex = [1.5]", "scene.toml:7: layer 'l': index must be a number, got a list"),
    (
        "thickness_um = 50\nindex = { n = 1.5, k = -0.1 }",
        "scene.toml:7: layer 'l': index: k must lie in 0..=100, got -0.1",
    ),
    ("thickness_um = 50\nindex = { wavelength_nm = [], n = [] }", "scene.toml:7: layer 'l': index: has no points"),
    (
        "thickness_um = 50\nindex = { wavelength_nm = 500, n = [1.5] }",
        "scene.toml:7: layer 'l': index: wavelength_nm must be a list of numbers, got 500",
    ),
    (
        "thickness_um = 50\nindex = { wavelength_nm = [500, 500, 500], n = [1.5, 1.5, 1.5] }",
        "scene.toml:7: layer 'l': index: wavelength 500 nm is listed more than twice",
    ),
    (
        "thickness_um = 50\nindex = { wavelength_nm = [510, 600], n = [1.5, 1.5] }",
        "scene.toml:7: layer 'l': index: stated for 510..600 nm, but the source is at 500 nm; add extrapolate = \"flat\" or a wider table",
    ),
    (
        "thickness_um = 50\nindex = { wavelength_nm = [510, 600], n = [1.5, 1.5], file = \"x\" }",
        "scene.toml:7: layer 'l': index: give one of n, material, file, or wavelength_nm with n",
    ),
    (
        "thickness_um = 50\nindex = 1.5\nabsorption_per_cm = -1",
        "scene.toml:8: layer 'l': absorption_per_cm must lie in 0..=1e9, got -1",
    ),
    (
        "thickness_um = 50\nindex = 1.5\nabsorption_per_cm = 1\nod_per_cm = 1",
        "scene.toml:9: layer 'l': give absorption_per_cm or od_per_cm, not both",
    ),
    ("thickness_um = 50\nindex = 1.5\ncoherent = 1", "scene.toml:8: layer 'l': coherent must be true or false, got 1"),
    (
        "thickness_um = 50\nindex = 1.5\neffective_index = \"maybe\"",
        "scene.toml:8: layer 'l': effective_index must be \"on\" or \"off\", got \"maybe\"",
    ),
    (
        "thickness_um = 50\nindex = 1.5\nemitter = { name = \"x\" }",
        "scene.toml:8: layer 'l': emitter must be a list of tables: write [[layer.emitter]]",
    ),
    (
        "thickness_um = 50\nindex = 1.5\n[[layer]]\nname = \"l\"\nthickness_um = 1\nindex = 1.5",
        "scene.toml:8: layer 'l': another layer has this name; give each its own",
    ),
    (
        "thickness_um = 50\nindex = 1.5\nemitter = [{ name = \"x\", plqy = 1, absorption = 0, emission = { line_nm = 500 } }]\n\
         [[layer]]\nname = \"m\"\nthickness_um = 1\nindex = 1.5\n\
         emitter = [{ name = \"x\", plqy = 1, absorption = 0, emission = { line_nm = 500 } }]",
        "scene.toml:13: layer 'm': emitter 'x': layer 'l' has an emitter of this name; totals are kept by name, so give each its own: name = \"...\"",
    ),
];

const WHOLE_PROBLEMS: &[(&str, &str)] = &[
    (
        "",
        "scene.toml: schema is missing\nscene.toml: source is missing\nscene.toml: there is no layer: write [[layer]]",
    ),
    (
        "schema = 1\nlayer = []\nsource = { kind = \"beam\", wavelength_nm = 500 }",
        "scene.toml:2: there is no layer: write [[layer]]",
    ),
    (
        "schema = 1\nlayer = 3\nsource = { kind = \"beam\", wavelength_nm = 500 }",
        "scene.toml:2: layer must be a list of tables: write [[layer]]",
    ),
    (
        "schema = 1\nlayers = 3\nsource = 4",
        "scene.toml: there is no layer: write [[layer]]\nscene.toml:2: unknown key 'layers'; did you mean 'layer'?\nscene.toml:3: source: must be a table, got 4",
    ),
    ("schema = = 1", "scene.toml:1: not valid TOML: extra `=`, expected nothing"),
    ("schema = 1\nschema = 1", "scene.toml:2: not valid TOML: duplicate key"),
    (
        "schema = 1979-05-27",
        "scene.toml: source is missing\nscene.toml: there is no layer: write [[layer]]\nscene.toml:1: schema must be a number, got the date 1979-05-27",
    ),
];
