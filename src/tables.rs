//! The flat tables that engines read: f32 and u32 only, laid out as in `shaders/tables.wgsl`.
//! [`crate::compile`] fills them; it is the only place that narrows f64 to f32.

mod blocks;

use std::sync::Arc;

use bytemuck::{Pod, Zeroable, cast_slice};

use blocks::Blocks;

use crate::counts::{Fate, Layout};

/// No such row.
pub const NONE: u32 = 0xffff_ffff;

pub const SOURCE_BEAM: u32 = 0;
pub const SOURCE_LAMBERTIAN: u32 = 1;
pub const SOURCE_INTERNAL: u32 = 2;

pub const SPOT_POINT: u32 = 0;
pub const SPOT_DISC: u32 = 1;
pub const SPOT_FACE: u32 = 2;

pub const FACE_FRESNEL: u32 = 0;
pub const FACE_SPECULAR: u32 = 1;
pub const FACE_DIFFUSE: u32 = 2;
/// Where a medium on one side absorbs strongly at some nodes, at which it is met by its whole index.
pub const FACE_ABSORBING: u32 = 3;
/// Coherent layers, met as one face.
pub const FACE_PACKET: u32 = 4;

/// Tables of a packet at a node: met from the front, met from the back, met beyond total reflection.
pub const PACKET_REGIONS: u32 = 3;
/// The one beyond total reflection, from whichever side is denser.
pub const PACKET_TOTAL: u32 = 2;

/// Points of the tables of directions that light of dipoles takes, less one.
pub const DIPOLE_CELLS: u32 = 128;
/// Rows that hold one: the shares of power below every sixteenth point, below all, and their cosines.
pub const DIPOLE_WAY_ROWS: u32 = 68;

/// No side edges: the stack is laterally infinite.
pub const EDGE_NONE: u32 = 0;
pub const EDGE_OPEN: u32 = 1;
pub const EDGE_MIRROR: u32 = 2;
pub const EDGE_ABSORBING: u32 = 3;

/// One design. All row numbers are absolute in the joined tables.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Design {
    /// Its rows of `media`: the front, the slabs, the back, what lies beyond the edges.
    pub first_medium: u32,
    pub slabs: u32,
    pub first_emitter: u32,
    pub emitters: u32,
    /// Its rows of `nodes`, the pump's first.
    pub first_node: u32,
    pub pump_nodes: u32,
    /// Its rows of `coefficients`, and how many each node has.
    pub first_row: u32,
    pub row_stride: u32,
    pub source_kind: u32,
    /// Medium the source's light starts in, counted from `first_medium`.
    pub source_medium: u32,
    /// Row of the emitter that an internal source excites.
    pub source_emitter: u32,
    /// Cosine of a beam's angle to the normal.
    pub cos_theta: f32,
    pub spot_kind: u32,
    pub spot_radius_um: f32,
    pub edge_kind: u32,
    pub half_width_um: f32,
    pub half_depth_um: f32,
    /// 1 where a reabsorbed photon ends (`recycling = "lost"`).
    pub recycling_lost: u32,
    /// Face the light is wanted on: 0 front, 1 back.
    pub output_face: u32,
    /// Its first word of the counts, the words of one group, and where its chains of emissions and its
    /// histograms begin or `NONE`.
    pub first_count: u32,
    pub group_words: u32,
    pub first_chain: u32,
    pub first_histogram: u32,
    pub first_bin_nm: u32,
    pub spectrum_bins: u32,
    /// Row of the emitter whose emissions make the chains; `NONE` for all.
    pub watched_emitter: u32,
    /// Slabs and coherent layers: all that have a place among the losses by layer.
    pub absorbers: u32,
    /// 1 where a photon is s or p (`polarisation = "track"`).
    pub tracks_polarisation: u32,
    /// 1 where the ways of guided light are folded in one of the slabs at one of the wavelengths at least.
    pub guides: u32,
    /// 1 where photons start as points of a sequence; see [`Tables::stratify`].
    pub stratified: u32,
}

/// One medium: a slab, or a half-space outside (thickness 0).
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Medium {
    pub thickness_um: f32,
    /// The first of its channels among the rows of a node.
    pub channel_row: u32,
    pub scatterers: u32,
    pub first_emitter: u32,
    pub emitters: u32,
    /// The channel of its first emitter, where it has several.
    pub emitter_channel: u32,
    /// Kind of the face on its far side, and the reflectance of that face where it is a reflector.
    pub face_kind: u32,
    pub face_reflectance: f32,
    /// Where that face is a packet: the first of its rows among `coefficients`, the cells of each of its tables at the
    /// pump's nodes and at the others (with a point at either end), its layers and their emitters (0 where no layer
    /// absorbs), the place of its first layer among the losses by layer, and the row of its first emitter.
    pub packet_row: u32,
    pub packet_pump_cells: u32,
    pub packet_cells: u32,
    pub packet_layers: u32,
    pub packet_emitters: u32,
    pub packet_slot: u32,
    pub packet_first_emitter: u32,
}

#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct EmitterRow {
    /// With the Purcell factor where it is in a packet.
    pub plqy: f32,
    pub first_node: u32,
    pub nodes: u32,
    /// Its number in the design, counted from 0.
    pub number: u32,
    /// Where it is in a packet: the first of its rows among `coefficients` (where light of its dipoles goes, at each of
    /// its nodes), and the face that the packet is. Else `NONE`.
    pub dipole_row: u32,
    pub packet_face: u32,
}

/// One wavelength that photons can have. A spectrum's nodes stand together and form an alias table.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
pub struct Node {
    /// A draw that falls on this node keeps it when its fraction is below the threshold,
    pub threshold: u32,
    /// and takes this row of `nodes` otherwise.
    pub alias_node: u32,
    /// In [`crate::counts::WAVELENGTH_UNIT_NM`].
    pub wavelength: u32,
    /// In [`crate::counts::ENERGY_UNIT_EV`].
    pub energy: u32,
}

/// Place of a medium's first row among those of a node, told without a look at it: two for the front and for each slab,
/// then one for each of the two media in which no light flies. Channels follow behind those of all media.
#[inline(always)]
pub fn medium_row(slabs: u32, medium: u32) -> u32 {
    (2 * medium).min(slabs + 1 + medium)
}

/// Optical coefficients of a medium at a node: the first of its rows.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Coefficients {
    /// Real refractive index.
    pub n: f32,
    /// Extinction by absorption and scattering together, 1/um.
    pub mu_t: f32,
    /// Share of interactions in which the host absorbs, and in which it or an emitter does. Losses stand first
    /// because numbers are finest near 0, and the rarest loss tells where light scatters often.
    pub host_end: f32,
    pub absorb_end: f32,
}

/// What light meets around it in a medium where it flies, at a node: the second of its rows.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Surroundings {
    /// Index behind the face in front and the one at the back; 0 where that is not of the Fresnel kind.
    pub n_front: f32,
    pub n_back: f32,
    /// Both faces reflect light totally if the square of its cosine to them is below this; 0: no light. Its way between
    /// them is folded into one flight, but where the slab is too thick ([`Surroundings::of`]).
    pub guide_cos2: f32,
    /// Anisotropy of the scatterer; [`SEVERAL`] where one must be chosen.
    pub g: f32,
}

/// Optical depth of a slab from which guided light is led from face to face after all. It seldom comes from one to the
/// other without an interaction there, so that folding its way costs more turns than it saves.
pub const FOLDED_DEPTH: f32 = 4.0;
/// The unit of [`Node::wavelength`].
pub const WAVELENGTH_UNIT_UM: f32 = (1e-3 * crate::counts::WAVELENGTH_UNIT_NM) as f32;

impl Surroundings {
    /// What a row says, in a slab of this optical depth.
    #[inline(always)]
    pub fn of([n_front, n_back, guide_cos2, g]: [f32; 4], depth: f32) -> Self {
        Self { n_front, n_back, guide_cos2: if depth < FOLDED_DEPTH { guide_cos2 } else { 0.0 }, g }
    }
}

/// An anisotropy that is none: there are several scatterers to choose from.
pub const SEVERAL: f32 = 2.0;
/// Another: no new direction is to be drawn.
pub const STRAIGHT: f32 = 3.0;

/// Channels of a medium at a node, two in a row: scatterers first, then emitters, both only where there are several.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct ChannelPair {
    /// Share of this and all earlier channels of its family; g is a scatterer's anisotropy.
    pub share_0: f32,
    pub g_0: f32,
    pub share_1: f32,
    pub g_1: f32,
}

/// The tables of a list of designs, end to end.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    pub designs: Vec<Design>,
    pub media: Vec<Medium>,
    pub emitters: Vec<EmitterRow>,
    pub nodes: Arc<Vec<Node>>,
    /// [`Coefficients`], [`Surroundings`] and [`ChannelPair`] rows; behind those of all nodes, the packets' and the dipoles'
    /// ([`crate::compile`]).
    pub coefficients: Arc<Vec<[f32; 4]>>,
    /// Of each emitter: its power over that in an unbounded medium (1 but in packets).
    pub purcell: Vec<f64>,
    /// Why there is no answer for a design, where wave optics has none. No engine may run such tables.
    pub problems: Vec<String>,
    /// Where the counts of each design stand.
    pub layouts: Vec<Layout>,
    known_nodes: Blocks<Node>,
    known_coefficients: Blocks<[f32; 4]>,
}

impl Tables {
    /// Puts the designs of other tables behind these. Nodes and coefficients that stand here already are shared: designs
    /// often differ in a thickness or a PLQY alone.
    pub fn append(&mut self, other: Tables) {
        if self.designs.is_empty() {
            *self = other;
            return;
        }
        if self.designs.len() == 1 {
            self.known_nodes.place(&self.nodes, 0, |_| true);
            self.known_coefficients.place(&self.coefficients, 0, |_| true);
        }
        let moved = |row: u32, by: usize| if row == NONE { NONE } else { row + by as u32 };
        let moved_node = |node: &Node, by: usize| Node { alias_node: moved(node.alias_node, by), ..*node };
        let nodes = self.known_nodes.place(&other.nodes, self.nodes.len(), |place| {
            let moved = other.nodes.iter().map(|node| moved_node(node, place));
            self.nodes[place..].iter().copied().take(other.nodes.len()).eq(moved)
        });
        let rows = self.known_coefficients.place(&other.coefficients, self.coefficients.len(), |place| {
            // as bytes, which are compared many at once
            cast_slice::<_, u8>(&self.coefficients[place..]).starts_with(cast_slice(&other.coefficients[..]))
        });
        let (media, emitters) = (self.media.len(), self.emitters.len());
        let counts = self.designs.last().zip(self.layouts.last());
        let words = counts.map_or(0, |(design, layout)| design.first_count as usize + layout.words());
        self.designs.extend(other.designs.iter().map(|design| Design {
            first_medium: moved(design.first_medium, media),
            first_emitter: moved(design.first_emitter, emitters),
            first_node: moved(design.first_node, nodes),
            first_row: moved(design.first_row, rows),
            source_emitter: moved(design.source_emitter, emitters),
            first_count: moved(design.first_count, words),
            first_chain: moved(design.first_chain, words),
            first_histogram: moved(design.first_histogram, words),
            watched_emitter: moved(design.watched_emitter, emitters),
            ..*design
        }));
        self.media.extend(other.media.iter().map(|medium| Medium {
            first_emitter: moved(medium.first_emitter, emitters),
            packet_row: moved(medium.packet_row, rows),
            packet_first_emitter: moved(medium.packet_first_emitter, emitters),
            ..*medium
        }));
        self.emitters.extend(other.emitters.iter().map(|row| EmitterRow {
            first_node: moved(row.first_node, nodes),
            dipole_row: moved(row.dipole_row, rows),
            ..*row
        }));
        if nodes == self.nodes.len() {
            Arc::make_mut(&mut self.nodes).extend(other.nodes.iter().map(|node| moved_node(node, nodes)));
        }
        if rows == self.coefficients.len() {
            Arc::make_mut(&mut self.coefficients).extend(other.coefficients.iter());
        }
        self.purcell.extend(other.purcell);
        self.problems.extend(other.problems);
        self.layouts.extend(other.layouts);
    }

    /// Lets the photons of all designs start evenly spread: the first two random numbers of those of a group are points
    /// of a low-discrepancy sequence ([`crate::cpu::rng::stratified_rng`]). Means stay what they were, errors come from
    /// the groups alone.
    pub fn stratify(&mut self) {
        let mut words = 0;
        for (design, layout) in self.designs.iter_mut().zip(&mut self.layouts) {
            (design.stratified, layout.stratified) = (1, true);
            let place = |there: bool, word: usize| if there { (words + word) as u32 } else { NONE };
            design.first_count = words as u32;
            design.first_chain = place(layout.chains, layout.emissions(0, Fate::ReflectedPump, 0));
            design.first_histogram = place(layout.detail, layout.histograms());
            words += layout.words();
        }
    }

    /// Size of all rows.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.designs[..])
            + size_of_val(&self.media[..])
            + size_of_val(&self.emitters[..])
            + size_of_val(&self.nodes[..])
            + size_of_val(&self.coefficients[..])
            + size_of_val(&self.layouts[..])
    }
}
