//! What the tables of a job contain. Shaders are compiled for just that: what no photon of the job can meet
//! costs neither instructions nor registers.

use std::collections::HashMap;

use crate::tables::*;

/// Declares [`Features`], whose fields are the `override` constants of `shaders/tables.wgsl` in lower case.
macro_rules! features {
    ($($(#[doc = $what:literal])* $name:ident,)*) => {
        /// What at least one design of some has.
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
    /// A layer that absorbs so strongly that it reflects by its whole index.
    absorbing_faces,
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
    /// What each design of these tables is run with: what all have together that are alike in what is rare and costs much.
    /// So light of a plain film does not pay for the metals of another in the same sweep.
    pub fn by_design(tables: &Tables) -> Vec<Self> {
        let many = Self { many_ranges: tables.designs.len() > 1, ..Self::NONE };
        let own: Vec<_> = tables.designs.iter().map(|design| Self::of_design(tables, design)).collect();
        let mut together: HashMap<Self, Self> = HashMap::new();
        for features in &own {
            let of_alike = together.entry(features.costly()).or_insert(many);
            *of_alike = of_alike.or(*features);
        }
        own.iter().map(|features| together[&features.costly()]).collect()
    }

    /// Of these, what makes programs much larger.
    fn costly(self) -> Self {
        let Self { reflectors, absorbing_faces, packets, dipoles, .. } = self;
        Self { reflectors, absorbing_faces, packets, dipoles, ..Self::NONE }
    }

    /// What a design of these tables contains.
    fn of_design(tables: &Tables, design: &Design) -> Self {
        let media = &tables.media[design.first_medium as usize..][..design.slabs as usize + 3];
        let emitters = &tables.emitters[design.first_emitter as usize..][..design.emitters as usize];
        let medium = |test: fn(&Medium) -> bool| media.iter().any(test);
        Self {
            many_ranges: false,
            internal_sources: design.source_kind == SOURCE_INTERNAL,
            diffuse_sources: design.source_kind == SOURCE_LAMBERTIAN,
            source_spectra: design.pump_nodes > 1,
            spots: design.spot_kind != SPOT_POINT,
            edges: design.edge_kind != EDGE_NONE,
            guides: design.guides == 1,
            reflectors: medium(|m| m.face_kind == FACE_SPECULAR || m.face_kind == FACE_DIFFUSE),
            absorbing_faces: medium(|m| m.face_kind == FACE_ABSORBING),
            packets: medium(|m| m.face_kind == FACE_PACKET),
            polarisation: design.tracks_polarisation == 1,
            several_slabs: design.slabs > 1,
            scattering: medium(|m| m.scatterers > 0),
            several_scatterers: medium(|m| m.scatterers > 1),
            emission: design.emitters > 0,
            bulk_emitters: medium(|m| m.emitters > 0),
            several_emitters: design.emitters > 1,
            mixed_emitters: medium(|m| m.emitters > 1),
            dipoles: emitters.iter().any(|emitter| emitter.dipole_row != NONE),
            chains: design.first_chain != NONE,
            histograms: design.first_histogram != NONE,
            stratified: design.stratified == 1,
        }
    }

    /// The constants of a pipeline.
    pub fn constants(self) -> Vec<(String, f64)> {
        let values = self.values().into_iter().map(|there| if there { 1.0 } else { 0.0 });
        Self::NAMES.iter().map(|name| name.to_uppercase()).zip(values).collect()
    }
}
