//! An electric dipole in a stack of thin layers: how fast it loses its energy, and where the energy goes.
//!
//! Powers are relative to those of the same dipole in an unbounded medium of the emitter layer's index `n_e`, which
//! enters as its real part alone: with `k > 0` right at the dipole the loss would have no limit (docs/thin-films.md).
//! `u` is the in-plane wave number over that of a wave in the emitter layer. Unit dipoles stand along the normal
//! ("vertical", perp) or lie in the plane of the layers ("horizontal", par); any orientation is a mixture of the two.
//!
//! Sources: R. R. Chance, A. Prock, R. Silbey, Adv. Chem. Phys. 37, 1 (1978); W. Lukosz, J. Opt. Soc. Am. 71, 744
//! (1981) (recalled); K. A. Neyts, J. Opt. Soc. Am. A 15, 962 (1998); M. Furno et al., Phys. Rev. B 85, 115205 (2012).

mod budget;
mod contour;
mod dissipation;
mod emitter;
mod far_field;
mod layers;
mod modes;
mod pieces;
mod plates;
mod powers;
mod radiation;
mod recycling;

pub use dissipation::{Dissipation, dispersion_map};
pub use emitter::{Dipole, DipoleError, EmitterStack, Outer, Places, Side};
pub use far_field::Beyond;
pub use layers::LayerPowers;
pub use modes::Mode;
pub use pieces::Piece;
pub use powers::{ISOTROPIC, Oriented, Powers};
pub use recycling::{DEFAULT_SPACER_NM, InSlab, Recycling, effective_plqy};
