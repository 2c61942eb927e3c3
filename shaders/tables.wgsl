// The tables an engine reads, as src/tables.rs lays them out; what each field means is said there.

const NONE: u32 = 0xffffffffu;

// What the job's tables contain: `Features` of src/gpu/features.rs. What is false no photon meets.
override MANY_RANGES: bool = true;
override INTERNAL_SOURCES: bool = true;
override DIFFUSE_SOURCES: bool = true;
override SOURCE_SPECTRA: bool = true;
override SPOTS: bool = true;
override EDGES: bool = true;
override GUIDES: bool = true;
override REFLECTORS: bool = true;
override ABSORBING_FACES: bool = true;
override PACKETS: bool = true;
override POLARISATION: bool = true;
override SEVERAL_SLABS: bool = true;
override SCATTERING: bool = true;
override SEVERAL_SCATTERERS: bool = true;
override EMISSION: bool = true;
override BULK_EMITTERS: bool = true;
override SEVERAL_EMITTERS: bool = true;
override MIXED_EMITTERS: bool = true;
override DIPOLES: bool = true;
override CHAINS: bool = true;
override HISTOGRAMS: bool = true;
override STRATIFIED: bool = true;

const SOURCE_BEAM: u32 = 0u;
const SOURCE_LAMBERTIAN: u32 = 1u;
const SOURCE_INTERNAL: u32 = 2u;

const SPOT_POINT: u32 = 0u;
const SPOT_DISC: u32 = 1u;
const SPOT_FACE: u32 = 2u;

const FACE_FRESNEL: u32 = 0u;
const FACE_SPECULAR: u32 = 1u;
const FACE_DIFFUSE: u32 = 2u;
const FACE_ABSORBING: u32 = 3u;
const FACE_PACKET: u32 = 4u;

const PACKET_REGIONS: u32 = 3u;
const PACKET_TOTAL: u32 = 2u;
const DIPOLE_CELLS: u32 = 128u;
const DIPOLE_WAY_ROWS: u32 = 68u;

const EDGE_NONE: u32 = 0u;
const EDGE_OPEN: u32 = 1u;
const EDGE_MIRROR: u32 = 2u;
const EDGE_ABSORBING: u32 = 3u;

struct Design {
    first_medium: u32,
    slabs: u32,
    first_emitter: u32,
    emitters: u32,
    first_node: u32,
    pump_nodes: u32,
    first_row: u32,
    row_stride: u32,
    source_kind: u32,
    source_medium: u32,
    source_emitter: u32,
    cos_theta: f32,
    spot_kind: u32,
    spot_radius_um: f32,
    edge_kind: u32,
    half_width_um: f32,
    half_depth_um: f32,
    recycling_lost: u32,
    output_face: u32,
    first_count: u32,
    group_words: u32,
    first_chain: u32,
    first_histogram: u32,
    first_bin_nm: u32,
    spectrum_bins: u32,
    watched_emitter: u32,
    absorbers: u32,
    tracks_polarisation: u32,
    guides: u32,
    stratified: u32,
}

struct Medium {
    thickness_um: f32,
    channel_row: u32,
    scatterers: u32,
    first_emitter: u32,
    emitters: u32,
    emitter_channel: u32,
    face_kind: u32,
    face_reflectance: f32,
    packet_row: u32,
    packet_pump_cells: u32,
    packet_cells: u32,
    packet_layers: u32,
    packet_emitters: u32,
    packet_slot: u32,
    packet_first_emitter: u32,
}

struct EmitterRow {
    plqy: f32,
    first_node: u32,
    nodes: u32,
    number: u32,
    dipole_row: u32,
    packet_face: u32,
}

struct Node {
    threshold: u32,
    alias_node: u32,
    wavelength: u32,
    energy: u32,
}

struct Coefficients {
    n: f32,
    mu_t: f32,
    host_end: f32,
    absorb_end: f32,
}

struct Surroundings {
    n_front: f32,
    n_back: f32,
    guide_cos2: f32,
    g: f32,
}
// Optical depth of a slab from which guided light is led from face to face after all.
const FOLDED_DEPTH: f32 = 4.0;
// The unit of a node's wavelength: 1/256 nm.
const WAVELENGTH_UNIT_UM: f32 = 3.90625e-6;
// An anisotropy that is none: there are several scatterers to choose from.
const SEVERAL: f32 = 2.0;
// Another: no new direction is to be drawn.
const STRAIGHT: f32 = 3.0;

// Consecutive photons of one design. `start` is the place of its first among the slots of the job.
struct WorkRange {
    design: u32,
    first_low: u32,
    first_high: u32,
    start: u32,
    count: u32,
}

struct Job {
    seed: vec2<u32>,
    first: vec2<u32>,
    design: u32,
    start: u32,
    slots: u32,
    ranges: u32,
    rounds: u32,
    turns: u32,
}
// What the dispatch is told, read once.
var<private> job: Job;

@group(0) @binding(0) var<uniform> header: Job;
@group(0) @binding(1) var<storage, read> designs: array<Design>;
@group(0) @binding(2) var<storage, read> media: array<Medium>;
@group(0) @binding(3) var<storage, read> emitters: array<EmitterRow>;
@group(0) @binding(4) var<storage, read> nodes: array<Node>;
@group(0) @binding(5) var<storage, read> coefficient_rows: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> work: array<WorkRange>;
@group(0) @binding(7) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(8) var<storage, read_write> lanes: array<Photon>;
// That of all photons where there is one range: the same for all lanes, and known not to change.
@group(0) @binding(9) var<uniform> only_design: Design;
