//! Thin layers between two half-spaces, at one wavelength.

use num_complex::Complex64;

use super::known::Shared;

/// One layer: complex index `n + i k` and thickness in nm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layer {
    pub index: Complex64,
    pub thickness_nm: f64,
}

impl Layer {
    pub fn new(n: f64, k: f64, thickness_nm: f64) -> Self {
        Self { index: Complex64::new(n, k), thickness_nm }
    }
}

/// Why layers are no stack. Layers are counted from 0 in the order given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StackError {
    #[error("the wavelength must be positive, got {0} nm")]
    Wavelength(f64),
    #[error("the index of the incidence medium must be positive, got {0}")]
    Incidence(f64),
    #[error("layer {layer}: the index must be finite and not 0, with n >= 0, got {index}")]
    Index { layer: usize, index: Complex64 },
    #[error("layer {layer}: k must not be negative (gain), got {k}")]
    Gain { layer: usize, k: f64 },
    #[error("layer {layer}: the thickness must be positive, got {thickness_nm} nm")]
    Thickness { layer: usize, thickness_nm: f64 },
    #[error("the index of the exit medium must be finite and not 0, with n >= 0 and k >= 0, got {0}")]
    Exit(Complex64),
    #[error("light cannot come from the exit medium: it absorbs (index {0})")]
    AbsorbingIncidence(Complex64),
}

/// A layer as the recursion needs it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet {
    pub index: Complex64,
    /// Relative permittivity.
    pub eps: Complex64,
    pub inverse_eps: Complex64,
    /// 2 pi thickness / wavelength.
    pub k0_d: f64,
}

/// Coherent layers between a lossless incidence medium and an exit medium, at one vacuum wavelength.
#[derive(Debug, Clone)]
pub struct Stack {
    pub(crate) wavelength_nm: f64,
    pub(crate) incidence: f64,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) exit: Sheet,
    /// Its last layers, where other stacks have them too.
    pub(crate) shared: Option<Shared>,
}

/// Whether an index is one of a passive medium.
pub(crate) fn is_passive(index: Complex64) -> bool {
    index.is_finite() && index.re >= 0.0 && index.im >= 0.0 && index.norm_sqr() > 0.0
}

/// Refuses gain, indices that are none, and layers without thickness.
pub(crate) fn check_layers(layers: &[Layer]) -> Result<(), StackError> {
    for (layer, &Layer { index, thickness_nm }) in layers.iter().enumerate() {
        if index.im < 0.0 {
            return Err(StackError::Gain { layer, k: index.im });
        }
        if !is_passive(index) {
            return Err(StackError::Index { layer, index });
        }
        if !(thickness_nm > 0.0 && thickness_nm.is_finite()) {
            return Err(StackError::Thickness { layer, thickness_nm });
        }
    }
    Ok(())
}

impl Stack {
    /// Layers in the order that light meets them. No layer at all is a bare face.
    pub fn new(
        wavelength_nm: f64,
        incidence_index: f64,
        layers: &[Layer],
        exit_index: Complex64,
    ) -> Result<Self, StackError> {
        if !(wavelength_nm > 0.0 && wavelength_nm.is_finite()) {
            return Err(StackError::Wavelength(wavelength_nm));
        }
        if !(incidence_index > 0.0 && incidence_index.is_finite()) {
            return Err(StackError::Incidence(incidence_index));
        }
        if !is_passive(exit_index) {
            return Err(StackError::Exit(exit_index));
        }
        check_layers(layers)?;
        let k0_per_nm = std::f64::consts::TAU / wavelength_nm;
        let sheet = |index: Complex64, thickness_nm: f64| {
            let eps = index * index;
            Sheet { index, eps, inverse_eps: eps.inv(), k0_d: k0_per_nm * thickness_nm }
        };
        Ok(Self {
            wavelength_nm,
            incidence: incidence_index,
            sheets: layers.iter().map(|layer| sheet(layer.index, layer.thickness_nm)).collect(),
            exit: sheet(exit_index, 0.0),
            shared: None,
        })
    }

    /// The same stack met from the other side.
    pub fn reversed(&self) -> Result<Self, StackError> {
        if self.exit.index.im != 0.0 {
            return Err(StackError::AbsorbingIncidence(self.exit.index));
        }
        let mut layers = self.layers();
        layers.reverse();
        Self::new(self.wavelength_nm, self.exit.index.re, &layers, self.incidence.into())
    }

    pub fn layers(&self) -> Vec<Layer> {
        let k0_per_nm = self.k0_per_nm();
        self.sheets.iter().map(|sheet| Layer { index: sheet.index, thickness_nm: sheet.k0_d / k0_per_nm }).collect()
    }

    pub fn wavelength_nm(&self) -> f64 {
        self.wavelength_nm
    }

    pub fn incidence_index(&self) -> f64 {
        self.incidence
    }

    pub fn exit_index(&self) -> Complex64 {
        self.exit.index
    }

    pub(crate) fn k0_per_nm(&self) -> f64 {
        std::f64::consts::TAU / self.wavelength_nm
    }

    /// In-plane index `n_0 sin(theta)` of a ray at an angle to the normal in the incidence medium.
    pub fn in_plane_index(&self, angle_deg: f64) -> f64 {
        self.incidence * angle_deg.to_radians().sin()
    }
}
