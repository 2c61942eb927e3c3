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
    ("schema = 1", "", ""),
    ("schema = 1", "schema = 2", ""),
    ("schema = 1", "schema = 1\npolarisation = \"track\"", ""),
    ("schema = 1", "schema = 1\nrecycling = \"off\"", ""),
    ("schema = 1", "schema = 1\noutput = 3", ""),
    ("schema = 1", "schema = 1\ncolour = 3", ""),
    ("schema = 1", "schema = 1\npolarization = \"average\"", ""),
    ("title = \"Hazy 50 um film, explicit numbers\"", "title = 5", ""),
    ("[front]\nindex = 1.0", "[front]\nindex = 0.9", ""),
    ("[front]\nindex = 1.0", "[front]\nindex = { n = 1.5, k = 0.1 }", ""),
    ("[back]\nindex = 1.0", "[back]\nreflector = { kind = \"mirror\", reflectance = 1.1 }", ""),
    ("[back]\nindex = 1.0", "[back]\nreflector = { reflectivity = 0.9, gap = \"glue\" }", ""),
    ("kind = \"beam\"", "kind = \"laser\"", ""),
    ("kind = \"beam\"", "kind = \"electroluminescence\"", ""),
    ("kind = \"beam\"", "kind = \"lambertian\"", ""),
    ("kind = \"beam\"\nwavelength_nm = 450.0", "kind = \"internal\"\nlayer = \"film\"\nwavelength_nm = 450", ""),
    ("kind = \"beam\"\nwavelength_nm = 450.0\nangle_deg = 0.0", "kind = \"internal\"", ""),
    ("kind = \"beam\"\nwavelength_nm = 450.0\nangle_deg = 0.0", "kind = \"internal\"\nlayer = \"fim\"", ""),
    (
        "kind = \"beam\"\nwavelength_nm = 450.0\nangle_deg = 0.0",
        "kind = \"internal\"\nlayer = \"film\"\nemitter = \"x\"",
        "",
    ),
    ("angle_deg = 0.0", "angle_deg = 91", ""),
    ("angle_deg = 0.0", "angle_rad = 0.5", ""),
    ("angle_deg = 0.0", "layer = \"film\"", ""),
    ("angle_deg = 0.0", "spot = \"disc\"", ""),
    ("angle_deg = 0.0", "spot = { radius_mm = 11 }\n[extent]\nwidth_mm = 20\ndepth_mm = 30", ""),
    ("angle_deg = 0.0", "[extent]\nwidth_mm = -20\nedges = \"rough\"", ""),
    ("wavelength_nm = 450.0", "", ""),
    ("wavelength_nm = 450.0", "wavelength_nm = \"450\"", ""),
    ("wavelength_nm = 450.0", "wavelength_nm = 0.45", ""),
    ("wavelength_nm = 450.0", "wavelength_um = 0.45", ""),
    ("wavelength_nm = 450.0", "wavelength_nm = 450\nspectrum = \"blue_led\"", ""),
    ("wavelength_nm = 450.0", "spectrum = \"blue_lde\"", ""),
    ("wavelength_nm = 450.0", "spectrum = 450", ""),
    ("wavelength_nm = 450.0", "spectrum = { peak_nm = 450 }", ""),
    ("plqy = 0.996", "", ""),
    ("plqy = 0.996", "plqy = nan", ""),
    ("plqy = 0.996", "plqy = 1.0\ndipole = { position = 0.5 }", ""),
    ("plqy = 0.996", "plqy = 1.0\nlifetime_ns = 0", ""),
    ("plqy = 0.996", "plqy = 1.0\nconcentration_wt_pct = 20", ""),
    ("name = \"MAPbBr3\"", "", ""),
    ("name = \"MAPbBr3\"", "name = \"host\"", ""),
    ("peak_nm = 530.0, fwhm_nm = 20.0", "", ""),
    ("peak_nm = 530.0, fwhm_nm = 20.0", "peak_nm = 530, fwhm_nm = 0", ""),
    ("peak_nm = 530.0, fwhm_nm = 20.0", "peak_nm = 530, line_nm = 530", ""),
    ("peak_nm = 530.0, fwhm_nm = 20.0", "peak_nm = 530, fwhm_nm = 1000", ""),
    ("peak_nm = 530.0, fwhm_nm = 20.0", "wavelength_nm = [500, 600], value = [0, 0]", ""),
    ("peak_nm = 530.0, fwhm_nm = 20.0", "wavelength_nm = [500], value = [1]", ""),
    ("peak_nm = 530.0, fwhm_nm = 20.0", "wavelength_nm = [500, 600], value = [1, -1]", ""),
    (", extrapolate = \"flat\"", "", ""),
    (", extrapolate = \"flat\"", ", extrapolate = \"linear\"", ""),
    ("per_cm = [1500, 800, 600, 200, 40, 8, 1]", "per_cm = [1500, 800]", ""),
    ("per_cm = [1500, 800, 600, 200, 40, 8, 1]", "per_cm = [1500, 800, 600, 200, 40, inf, 1]", ""),
    ("per_cm = [1500, 800, 600, 200, 40, 8, 1]", "per_cm = [1500, 800, 600, 200, 40, \"8\", 1]", ""),
    ("wavelength_nm = [440, 500, 520,", "wavelength_nm = [440, 520, 500,", ""),
    ("g = 0.7", "g = 1.0", ""),
    ("g = 0.7", "", ""),
    ("mu_s_per_cm = 200.0", "mu_s = 200.0", ""),
    ("mu_s_per_cm = 200.0", "kind = \"mie\"", ""),
    ("mu_s_per_cm = 200.0", "kind = \"rayleigh\", mu_s_per_cm = -1", ""),
];

/// Keys of the only layer, from line 6, and the message.
const LAYER_PROBLEMS: &[(&str, &str)] = &[
    ("index = 1.5", ""),
    ("thickness_um = 50", ""),
    ("thickness_um = 50\nthickness_nm = 50\nindex = 1.5", ""),
    ("thickness_um = 0\nindex = 1.5", ""),
    ("thickness_um = inf\nindex = 1.5", ""),
    ("thickness_mm = 1e6\nindex = 1.5", ""),
    ("thickness_cm = 1\nindex = 1.5", ""),
    ("thickness_um = 50\nn = 1.5", ""),
    ("thickness_um = 50\nindex = [1.5]", ""),
    ("thickness_um = 50\nindex = { n = 1.5, k = -0.1 }", ""),
    ("thickness_um = 50\nindex = { wavelength_nm = [], n = [] }", ""),
    ("thickness_um = 50\nindex = { wavelength_nm = 500, n = [1.5] }", ""),
    ("thickness_um = 50\nindex = { wavelength_nm = [500, 500, 500], n = [1.5, 1.5, 1.5] }", ""),
    ("thickness_um = 50\nindex = { wavelength_nm = [510, 600], n = [1.5, 1.5] }", ""),
    ("thickness_um = 50\nindex = { wavelength_nm = [510, 600], n = [1.5, 1.5], file = \"x\" }", ""),
    ("thickness_um = 50\nindex = 1.5\nabsorption_per_cm = -1", ""),
    ("thickness_um = 50\nindex = 1.5\nabsorption_per_cm = 1\nod_per_cm = 1", ""),
    ("thickness_um = 50\nindex = 1.5\ncoherent = true", ""),
    ("thickness_um = 50\nindex = 1.5\neffective_index = \"maybe\"", ""),
    ("thickness_um = 50\nindex = 1.5\nemitter = { name = \"x\" }", ""),
    ("thickness_um = 50\nindex = 1.5\n[[layer]]\nname = \"l\"\nthickness_um = 1\nindex = 1.5", ""),
    (
        "thickness_um = 50\nindex = 1.5\nemitter = [{ name = \"x\", plqy = 1, absorption = 0, emission = { line_nm = 500 } }]\n\
         [[layer]]\nname = \"m\"\nthickness_um = 1\nindex = 1.5\n\
         emitter = [{ name = \"x\", plqy = 1, absorption = 0, emission = { line_nm = 500 } }]",
        "",
    ),
];

const WHOLE_PROBLEMS: &[(&str, &str)] = &[
    ("", ""),
    ("schema = 1\nlayer = []\nsource = { kind = \"beam\", wavelength_nm = 500 }", ""),
    ("schema = 1\nlayer = 3\nsource = { kind = \"beam\", wavelength_nm = 500 }", ""),
    ("schema = 1\nlayers = 3\nsource = 4", ""),
    ("schema = = 1", ""),
    ("schema = 1\nschema = 1", ""),
    ("schema = 1979-05-27", ""),
];
