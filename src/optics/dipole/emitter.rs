//! The layers around a dipole, and where in them it sits.

use std::sync::{Arc, OnceLock};

use num_complex::Complex64;

use super::modes::Mode;
use crate::optics::coherent::{Known, Layer, Shared, Stack, StackError, check_layers, is_passive};

/// A side of the stack: the one its first layer faces, or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Front,
    Back,
}

impl Side {
    pub const BOTH: [Side; 2] = [Side::Front, Side::Back];
}

/// What lies beyond the thin layers on one side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outer {
    pub index: Complex64,
    /// Index of the medium behind, where the outer medium is a thick slab (a substrate) that light crosses
    /// incoherently; `None` where it has no end.
    pub ambient: Option<f64>,
}

impl Outer {
    pub fn endless(index: impl Into<Complex64>) -> Self {
        Self { index: index.into(), ambient: None }
    }

    pub fn substrate(index: impl Into<Complex64>, ambient: f64) -> Self {
        Self { index: index.into(), ambient: Some(ambient) }
    }

    /// Real index where light can leave for good; `None` for a medium that absorbs.
    pub(crate) fn open_index(&self) -> Option<f64> {
        (self.index.im == 0.0).then_some(self.index.re)
    }
}

/// Thin layers from front to back at one wavelength, one of which emits.
#[derive(Debug, Clone, PartialEq)]
pub struct EmitterStack {
    pub wavelength_nm: f64,
    pub front: Outer,
    pub layers: Vec<Layer>,
    /// Which layer holds the dipole, from 0.
    pub emitter: usize,
    pub back: Outer,
}

/// Why a stack holds no dipole that this theory knows.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DipoleError {
    #[error(transparent)]
    Stack(#[from] StackError),
    #[error("there is no layer {emitter} to hold the dipole, only {layers}")]
    NoLayer { emitter: usize, layers: usize },
    #[error("the dipole's layer must not be a metal: Re(N^2) of {index} is not positive")]
    Metal { index: Complex64 },
    #[error("the dipole's position is a share of the layer's thickness, 0 to 1, got {0}")]
    Position(f64),
    #[error("the index behind a substrate must be positive, got {0}")]
    Ambient(f64),
    #[error("a dipole at the very face of an absorbing medium loses energy without limit; move it inside its layer")]
    OnAbsorber,
    #[error(
        "{0:.2e} of the dipole's power is in modes too close together to be told apart at {1:.3} nm: a thick layer (a substrate?) \
         must not be coherent; among thin ones change a thickness by a per cent"
    )]
    Unresolved(f64, f64),
}

/// One side as seen from the dipole.
#[derive(Debug, Clone)]
pub(crate) struct Half {
    /// From the emitter layer's index outwards.
    pub stack: Stack,
    /// k_e times the distance to the emitter layer's face on this side.
    pub k_e_z: f64,
    pub outer: Outer,
    /// The whole structure from the substrate, and the substrate's outer face from within it.
    pub from_substrate: Option<(Stack, Stack)>,
}

/// A dipole in its stack, ready to be asked.
#[derive(Debug, Clone)]
pub struct Dipole {
    /// Real index of the emitter layer.
    pub(crate) n_e: f64,
    pub(crate) halves: [Half; 2],
    pub(crate) emitter: usize,
    pub(crate) layer_count: usize,
    /// k_e times the distance to the nearest medium that absorbs or is a metal; `None` without one.
    pub(crate) k_e_to_loss: Option<f64>,
    /// Its modes, looked for once.
    pub(crate) modes: OnceLock<Vec<Mode>>,
}

impl EmitterStack {
    /// The dipole at a position: share of the emitter layer's thickness from its front face.
    pub fn dipole(&self, position: f64) -> Result<Dipole, DipoleError> {
        self.dipole_among(position, None, [None, None])
    }

    /// The layer for dipoles in so many places of it.
    pub fn places(&self, count: usize) -> Places<'_> {
        Places { stack: self, known: (count > 1).then(Default::default) }
    }

    /// The dipole where light from a substrate may find another index in the emitter layer than it does itself, and layers
    /// of each side may be those of other stacks.
    pub(super) fn dipole_among(
        &self,
        position: f64,
        met_again: Option<Complex64>,
        shared: [Option<Shared>; 2],
    ) -> Result<Dipole, DipoleError> {
        check_layers(&self.layers)?;
        let emitter = self
            .layers
            .get(self.emitter)
            .ok_or(DipoleError::NoLayer { emitter: self.emitter, layers: self.layers.len() })?;
        if emitter.index.re <= emitter.index.im {
            return Err(DipoleError::Metal { index: emitter.index });
        }
        if !(0.0..=1.0).contains(&position) {
            return Err(DipoleError::Position(position));
        }
        for outer in [self.front, self.back] {
            if !is_passive(outer.index) {
                return Err(StackError::Exit(outer.index).into());
            }
            if let Some(ambient) = outer.ambient.filter(|index| !(*index > 0.0 && index.is_finite())) {
                return Err(DipoleError::Ambient(ambient));
            }
        }
        let n_e = emitter.index.re;
        let mut towards_front: Vec<Layer> = self.layers[..self.emitter].to_vec();
        towards_front.reverse();
        let towards_back = self.layers[self.emitter + 1..].to_vec();
        let met_again = Layer { index: met_again.unwrap_or(n_e.into()), thickness_nm: emitter.thickness_nm };
        let k_e_d = std::f64::consts::TAU / self.wavelength_nm * n_e * emitter.thickness_nm;
        let [front_shared, back_shared] = shared;
        let half = |outwards: &[Layer], inwards: &[Layer], [outer, other]: [Outer; 2], share: f64, shared| {
            let stack = Stack { shared, ..Stack::new(self.wavelength_nm, n_e, outwards, outer.index)? };
            let from_substrate = match (outer.ambient, outer.open_index()) {
                (Some(ambient), Some(index)) => {
                    let mut whole: Vec<Layer> = outwards.iter().rev().copied().collect();
                    whole.push(met_again);
                    whole.extend(inwards);
                    Some((
                        Stack::new(self.wavelength_nm, index, &whole, other.index)?,
                        Stack::new(self.wavelength_nm, index, &[], ambient.into())?,
                    ))
                }
                _ => None,
            };
            Ok::<_, StackError>(Half { stack, k_e_z: k_e_d * share, outer, from_substrate })
        };
        let halves = [
            half(&towards_front, &towards_back, [self.front, self.back], position, front_shared)?,
            half(&towards_back, &towards_front, [self.back, self.front], 1.0 - position, back_shared)?,
        ];
        let k_e_to_loss = halves.iter().filter_map(|half| to_loss(half, n_e)).reduce(f64::min);
        if k_e_to_loss == Some(0.0) {
            return Err(DipoleError::OnAbsorber);
        }
        Ok(Dipole {
            n_e,
            halves,
            emitter: self.emitter,
            layer_count: self.layers.len(),
            k_e_to_loss,
            modes: OnceLock::new(),
        })
    }
}

/// An emitter layer for dipoles in several places of it. What waves do in the layers on either side does not depend on the
/// place, and is worked out once; for a single place remembering costs more than it spares.
#[derive(Debug)]
pub struct Places<'a> {
    pub(super) stack: &'a EmitterStack,
    known: Option<[Arc<Known>; 2]>,
}

impl Places<'_> {
    /// As [`EmitterStack::dipole`].
    pub fn dipole(&self, position: f64) -> Result<Dipole, DipoleError> {
        self.stack.dipole_among(position, None, self.shared([0, 0]))
    }

    /// The layers of both sides, behind so many that a dipole has of its own.
    pub(super) fn shared(&self, own: [usize; 2]) -> [Option<Shared>; 2] {
        [0, 1].map(|side| {
            let known = self.known.as_ref()?;
            Some(Shared { own: own[side], known: Arc::clone(&known[side]) })
        })
    }
}

/// k_e times the distance from the dipole to the nearest medium of one side that absorbs or is a metal.
fn to_loss(half: &Half, n_e: f64) -> Option<f64> {
    let mut distance = half.k_e_z;
    for sheet in half.stack.sheets.iter().chain([&half.stack.exit]) {
        if sheet.eps.im > 0.0 || sheet.eps.re < 0.0 {
            return Some(distance);
        }
        distance += n_e * sheet.k0_d;
    }
    None
}

impl Dipole {
    /// The dipole with light in a substrate left to whoever asks: all of it counts as escaped, and what the outer face
    /// would send back is not followed.
    pub fn on_first_pass(mut self) -> Self {
        for half in &mut self.halves {
            half.from_substrate = None;
        }
        self
    }

    /// Real index of the emitter layer.
    pub fn emitter_index(&self) -> f64 {
        self.n_e
    }

    /// The `u` of light that grazes the outer medium of the highest index among those without absorption; 0 if
    /// both absorb. Below it power can leave, above it is guided.
    pub fn light_line(&self) -> f64 {
        let open = self.halves.iter().filter_map(|half| half.outer.open_index());
        open.fold(0.0, f64::max) / self.n_e
    }

    /// Layer of the whole stack that is number `outwards` of a side, counted from the dipole.
    pub(crate) fn layer_number(&self, side: usize, outwards: usize) -> usize {
        if side == 0 { self.emitter - 1 - outwards } else { self.emitter + 1 + outwards }
    }
}
