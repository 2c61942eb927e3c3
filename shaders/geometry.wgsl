// Where a photon is, and which face it meets next.

// The state of one photon. Twin of `Photon` in src/cpu/geometry.rs.
struct Photon {
    // x and y in um from the axis of the source; z in um from the front face of its medium
    position: vec3<f32>,
    // optical depth left before its next interaction
    tau: f32,
    direction: vec3<f32>,
    // its wavelength: a row of `nodes`
    node: u32,
    rng: Rng,
    // its medium at its wavelength, kept here because most turns need nothing else
    here: Coefficients,
    around: Surroundings,
    thickness_um: f32,
    // where it is, counted from the design's first medium
    medium: u32,
    design: u32,
    group: u32,
    // row of the emitter that sent it out; NONE for pump light
    emitter: u32,
    // row of the emitter that it has just excited; NONE while it is light
    excited: u32,
    // 1 while `here` and `around` have yet to follow a change of medium or wavelength
    unsettled: u32,
    absorptions: u32,
    emissions: u32,
    // its emissions by the emitter that the design watches
    chain: u32,
    events: u32,
    // the last face that reflected it totally, with nothing since that absorbs or scatters; else NONE
    total_face: u32,
    // the share of its power that is p: 0 or 1 where the design tracks polarisation, else 1/2
    polarisation: f32,
    // how it ended, or ALIVE
    fate: u32,
    // for light that has left: by which face, and at which cosine to its normal. For light lost in a packet: the
    // place of its layer among the losses by layer
    exit_face: u32,
    exit_cos: f32,
}

// The design of the lane's photon, kept in registers.
var<private> design: Design;

const SIDE_UP: u32 = 0u;
const SIDE_DOWN: u32 = 1u;
const SIDE_X: u32 = 2u;
const SIDE_Y: u32 = 3u;
// None: a flight that ends for no reason but its length.
const SIDE_NONE: u32 = 4u;

// A ray parallel to a face meets it only after a distance this many times as far as its depth.
const GRAZING: f32 = 1e-12;
// Guided light flies at most so many times through its medium in one turn, so that rounding leaves its depth sharp.
const GUIDED_PASSES: f32 = 65536.0;

struct Flight {
    distance_um: f32,
    side: u32,
}

// Whether both faces of its medium reflect the photon totally, so that nothing but an interaction or a side edge ends
// its way. What lies between is folded into one flight, in slabs where that pays (`Surroundings`).
fn is_guided(photon: ptr<function, Photon>) -> bool {
    return (*photon).direction.z * (*photon).direction.z < (*photon).around.guide_cos2;
}

// The face that the photon meets if nothing happens on the way.
fn next_face(photon: ptr<function, Photon>) -> Flight {
    let position = (*photon).position;
    let direction = (*photon).direction;
    // above or below
    let down = direction.z > 0.0;
    var depth_um = max(select(position.z, (*photon).thickness_um - position.z, down), 0.0);
    var side = select(SIDE_UP, SIDE_DOWN, down);
    if GUIDES && is_guided(photon) {
        depth_um = GUIDED_PASSES * (*photon).thickness_um;
        side = SIDE_NONE;
    }
    var flight = Flight(depth_um / max(abs(direction.z), GRAZING), side);
    // or one of the side edges
    if EDGES && design.edge_kind != EDGE_NONE {
        let x_um = design.half_width_um - select(-position.x, position.x, direction.x > 0.0);
        let x_distance_um = max(x_um, 0.0) / max(abs(direction.x), GRAZING);
        if x_distance_um < flight.distance_um {
            flight = Flight(x_distance_um, SIDE_X);
        }
        let y_um = design.half_depth_um - select(-position.y, position.y, direction.y > 0.0);
        let y_distance_um = max(y_um, 0.0) / max(abs(direction.y), GRAZING);
        if y_distance_um < flight.distance_um {
            flight = Flight(y_distance_um, SIDE_Y);
        }
    }
    return flight;
}

fn move_photon(photon: ptr<function, Photon>, distance_um: f32) {
    let z_um = (*photon).position.z;
    let way_um = (*photon).direction.z * distance_um;
    (*photon).position += (*photon).direction * distance_um;
    if GUIDES && is_guided(photon) {
        let folded = fold(z_um, way_um, (*photon).thickness_um);
        (*photon).position.z = folded.z_um;
        (*photon).direction.z = select((*photon).direction.z, -(*photon).direction.z, folded.turned);
    }
}

struct Folded {
    z_um: f32,
    // Whether the last reflection has left it going the other way.
    turned: bool,
}

// Where a straight way from depth z ends between faces at 0 and at the thickness that reflect it whenever it comes
// to one: a triangle wave, there in the first half of its period and back in the second. Whole periods of the way are
// left out before it is added to z: what rounding makes of a long one is a grid, which z then spreads evenly.
fn fold(z_um: f32, way_um: f32, thickness_um: f32) -> Folded {
    let period_um = 2.0 * thickness_um;
    let whole = way_um / period_um;
    let periods = z_um / period_um + (whole - floor(whole));
    // from 1 at the first face to 0 at the other, and on to -1
    let left = 1.0 - 2.0 * (periods - floor(periods));
    return Folded(thickness_um * (1.0 - abs(left)), left < 0.0);
}

// Whether total reflection at one face and then at another holds a photon between them for good: in a
// laterally infinite stack always; between side edges if it meets those, too, beyond their critical angle.
// Only lossless media lie between, so the direction changes by reflection and refraction alone, and the
// tangential components n u_x and n u_y keep their size.
fn is_trapped(photon: ptr<function, Photon>, face_1: u32, face_2: u32) -> bool {
    if !EDGES || design.edge_kind == EDGE_NONE || design.edge_kind == EDGE_MIRROR {
        return true;
    }
    if design.edge_kind == EDGE_ABSORBING {
        return false;
    }
    let n_here = (*photon).here.n;
    let n_beyond = coefficients(photon, design.slabs + 2u).n;
    let tangent_x = n_here * (*photon).direction.x;
    let tangent_y = n_here * (*photon).direction.y;
    let tangent = max(tangent_x * tangent_x, tangent_y * tangent_y);
    for (var medium = min(face_1, face_2) + 1u; medium <= max(face_1, face_2); medium += 1u) {
        let n = coefficients(photon, medium).n;
        if n * n - tangent <= n_beyond * n_beyond {
            return false;
        }
    }
    return true;
}
