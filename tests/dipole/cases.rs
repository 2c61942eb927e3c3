//! Light-emitting stacks of `tests/stacks_data` on glass, as scenes.

use std::collections::HashMap;

use relume::counts::Fate;
use relume::optics::dipole::{EmitterStack, ISOTROPIC};
use relume::optics::quadrature::gauss_legendre;
use relume::scene::*;
use relume::spectrum::{Curve, Spectrum};

use super::common::scenes;
use super::data::{Row, emitter_stack, number, table};

/// A row of the table.
pub struct Case {
    pub name: String,
    pub stack: EmitterStack,
    pub zone: Vec<(f64, f64)>,
    pub horizontal: f64,
    row: Row,
}

/// All rows. Positions of the table are measured from the bottom, which is the back.
pub fn cases() -> Vec<Case> {
    let (stacks, rows): (HashMap<_, _>, _) = table(include_str!("../stacks_data/dipole_stacks.csv"));
    let case = |row: Row| Case {
        name: format!("{}_{}_{}", row["id"], row["z_over_d"], row["orientation"]),
        stack: emitter_stack(&stacks[&row["id"]], &row),
        zone: match row["z_over_d"].as_str() {
            "gauss32" => gauss_legendre(32),
            share => vec![(1.0 - share.parse::<f64>().expect("a share"), 1.0)],
        },
        horizontal: match row["orientation"].as_str() {
            "perp" => 0.0,
            "par" => 1.0,
            _ => ISOTROPIC,
        },
        row,
    };
    rows.into_iter().map(case).collect()
}

/// The case of this name.
pub fn named(name: &str) -> Case {
    cases().into_iter().find(|case| case.name == name).unwrap_or_else(|| panic!("no case {name}"))
}

impl Case {
    pub fn column(&self, column: &str) -> f64 {
        number(&self.row, column)
    }

    /// The stack driven by a current on a millimetre of clear glass in air, an emitter of one wavelength that loses
    /// nothing.
    pub fn scene(&self) -> Scene {
        let dipole = Dipole { zone: Zone::at(self.zone.clone()), horizontal: self.horizontal, spacer_nm: 5.0 };
        let emitter = Emitter {
            name: "emitter".into(),
            plqy: 1.0,
            absorption_per_cm: Curve::Constant(1e9),
            emission: Spectrum::Line(self.stack.wavelength_nm),
            lifetime_ns: None,
            dipole: Some(dipole),
        };
        let thin = |layer: &relume::optics::coherent::Layer| {
            scenes::thin(layer.index.re, layer.index.im, layer.thickness_nm) //
        };
        let mut layers: Vec<Layer> = self.stack.layers.iter().map(thin).collect();
        layers[self.stack.emitter].emitters = vec![emitter];
        layers.push(scenes::layer(self.stack.back.index.re, 1000.0, 0.0));
        let mut scene = scenes::scene(layers);
        scene.front = scenes::outer(self.stack.front.index.re);
        scene.polarisation = Polarisation::Track;
        scene.source = Source {
            kind: SourceKind::Electroluminescence {
                layer: self.stack.emitter,
                emitter: 0,
                charge_balance: 1.0,
                current_density_ma_per_cm2: None,
            },
            spot: Spot::Face,
        };
        scene
    }

    /// Shares that the table knows. Light trapped in the glass ends in the layers, if one of them absorbs.
    pub fn expected(&self) -> Vec<(Fate, f64)> {
        let mut expected = vec![
            (Fate::BackEmission, self.column("air_incoh")),
            (Fate::Guided, self.column("WG").max(0.0)),
            (Fate::Plasmon, self.column("SPP").max(0.0)),
        ];
        if self.stack.layers.iter().any(|layer| layer.index.im > 0.0) {
            expected.push((Fate::PacketEmission, self.column("absorbed") + self.column("trapped")));
        }
        expected
    }
}
