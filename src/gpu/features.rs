//! What the tables of a job contain. Shaders are compiled for just that: what no photon of the job can meet
//! costs neither instructions nor registers.

use crate::tables::*;

/// Declares [`Features`], whose fields are the `override` constants of `shaders/tables.wgsl` in lower case.
macro_rules! features {
    ($($(#[doc = $what:literal])* $name:ident,)*) => {
        /// What at least one design of a job has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct Features {
            $($(#[doc = $what])* pub $name: bool,)*
        }

        impl Features {
            /// The names of all.
            pub const NAMES: &[&str] = &[$(stringify!($name)),*];
            /// Everything there is.
            pub const ALL: Self = Self { $($name: true,)* };

            /// Nothing that could be left out.
            pub const NONE: Self = Self { $($name: false,)* };

            /// What is in either.
            pub fn or(self, other: Self) -> Self {
                Self { $($name: self.$name || other.$name,)* }
            }

            /// What is here and not in the other.
            pub fn without(self, other: Self) -> Self {
                Self { $($name: self.$name && !other.$name,)* }
            }

            /// Each feature and whether it is there, in the order of [`Features::NAMES`].
            pub fn values(self) -> Vec<bool> {
                vec![$(self.$name),*]
            }

            /// One feature alone.
            pub fn only(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($name) => Some(Self { $name: true, ..Self::NONE }),)*
                    _ => None,
                }
            }
        }
    };
}

features! {
    /// Photons of more than one design or range, so that each lane has its own.
    many_ranges,
    /// A source inside, which excites an emitter.
    internal_sources,
    /// Light from the front that is no beam.
    diffuse_sources,
    /// A source with a spectrum.
    source_spectra,
    /// A source that is no point.
    spots,
    /// A stack with side edges.
    edges,
    /// A slab in which the ways of guided light are folded.
    guides,
    /// A specular or diffuse reflector.
    reflectors,
    /// Coherent layers.
    packets,
    /// Photons that are s or p.
    polarisation,
    /// Several layers, so that light goes from one into another.
    several_slabs,
    /// A layer that scatters.
    scattering,
    /// A layer with several scatterers.
    several_scatterers,
    /// An emitter.
    emission,
    /// An emitter in a thick layer.
    bulk_emitters,
    /// A design with several emitters, counted apart.
    several_emitters,
    /// A layer with several emitters.
    mixed_emitters,
    /// An emitter in coherent layers.
    dipoles,
    /// Fates by number of emissions.
    chains,
    /// Histograms.
    histograms,
    /// Photons that start as points of a sequence.
    stratified,
}

impl Features {
    /// What these tables contain.
    pub fn of_tables(tables: &Tables) -> Self {
        let design = |test: fn(&Design) -> bool| tables.designs.iter().any(test);
        let medium = |test: fn(&Medium) -> bool| tables.media.iter().any(test);
        Self {
            many_ranges: tables.designs.len() > 1,
            internal_sources: design(|d| d.source_kind == SOURCE_INTERNAL),
            diffuse_sources: design(|d| d.source_kind == SOURCE_LAMBERTIAN),
            source_spectra: design(|d| d.pump_nodes > 1),
            spots: design(|d| d.spot_kind != SPOT_POINT),
            edges: design(|d| d.edge_kind != EDGE_NONE),
            guides: design(|d| d.guides == 1),
            reflectors: medium(|m| m.face_kind == FACE_SPECULAR || m.face_kind == FACE_DIFFUSE),
            packets: medium(|m| m.face_kind == FACE_PACKET),
            polarisation: design(|d| d.tracks_polarisation == 1),
            several_slabs: design(|d| d.slabs > 1),
            scattering: medium(|m| m.scatterers > 0),
            several_scatterers: medium(|m| m.scatterers > 1),
            emission: design(|d| d.emitters > 0),
            bulk_emitters: medium(|m| m.emitters > 0),
            several_emitters: design(|d| d.emitters > 1),
            mixed_emitters: medium(|m| m.emitters > 1),
            dipoles: tables.emitters.iter().any(|emitter| emitter.dipole_row != NONE),
            chains: design(|d| d.first_chain != NONE),
            histograms: design(|d| d.first_histogram != NONE),
            stratified: design(|d| d.stratified == 1),
        }
    }

    /// The constants of a pipeline.
    pub fn constants(self) -> Vec<(String, f64)> {
        let values = self.values().into_iter().map(|there| if there { 1.0 } else { 0.0 });
        Self::NAMES.iter().map(|name| name.to_uppercase()).zip(values).collect()
    }
}
