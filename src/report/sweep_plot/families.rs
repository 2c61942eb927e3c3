//! Which quantities share a picture over one varied key.

use plotters::prelude::RGBColor;

use crate::report::plot::chart::{BLUE, GREEN, GREY, ORANGE, SKY, VERMILLION};

/// Quantities that share a picture.
pub struct Family {
    pub file: &'static str,
    pub title: &'static str,
    pub y: &'static str,
    pub members: &'static [(&'static str, &'static str, RGBColor)],
}

pub const FAMILIES: [Family; 6] = [
    Family {
        file: "yields.svg",
        title: "Yields",
        y: "fraction",
        members: &[
            ("absorptance", "absorptance", BLUE),
            ("eqy", "EQY", GREEN),
            ("plqy_external", "PLQY (EQY / absorptance)", VERMILLION),
        ],
    },
    Family {
        file: "efficiency.svg",
        title: "Efficiency",
        y: "fraction",
        members: &[
            ("eqe", "EQE", GREEN),
            ("eqe_bound", "EQE bound", BLUE),
            ("outcoupling_efficiency", "outcoupling efficiency", ORANGE),
        ],
    },
    Family {
        file: "exits.svg",
        title: "Where emission leaves",
        y: "per launched photon",
        members: &[
            ("front_emission", "front", BLUE),
            ("back_emission", "back", GREEN),
            ("edge_emission", "edges", ORANGE),
        ],
    },
    Family {
        file: "leakage.svg",
        title: "What is left of the pump, and losses",
        y: "per launched photon",
        members: &[
            ("reflected_pump", "reflected", BLUE),
            ("pump_leakage", "leakage, output side", VERMILLION),
            ("parasitic", "parasitic", GREY),
        ],
    },
    Family {
        file: "recycling.svg",
        title: "Photon recycling",
        y: "fraction",
        members: &[
            ("recycling_efficiency", "recycling efficiency", GREEN),
            ("reabsorption_probability", "reabsorption probability", VERMILLION),
        ],
    },
    Family {
        file: "emissions.svg",
        title: "Emissions and reabsorptions",
        y: "number per photon",
        members: &[
            ("emissions_per_first_emission", "emissions (N_PR)", GREEN),
            ("reabsorptions_per_absorption", "reabsorptions", VERMILLION),
        ],
    },
];

/// Of a sweep by waves alone.
pub const OF_WAVES: [Family; 3] = [
    Family {
        file: "efficiency.svg",
        title: "Efficiency",
        y: "per pair of charges",
        members: &[
            ("tandem.eqe", "EQE, all units", ORANGE),
            ("eqe", "EQE", GREEN),
            ("recycling.eqe", "EQE with recycling", BLUE),
            ("effective_plqy", "effective PLQY", VERMILLION),
        ],
    },
    Family {
        file: "budget.svg",
        title: "Where the dipole's power goes",
        y: "share of the power",
        members: &[
            ("air", "air", GREEN),
            ("substrate", "substrate", ORANGE),
            ("guided", "guided", SKY),
            ("plasmon", "plasmon", VERMILLION),
            ("absorbed", "absorbed", GREY),
            ("top", "other side", BLUE),
        ],
    },
    Family {
        file: "purcell.svg",
        title: "Rate of emission over that in the bulk",
        y: "Purcell factor",
        members: &[("purcell", "Purcell factor", BLUE)],
    },
];
