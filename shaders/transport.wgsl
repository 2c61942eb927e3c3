// A photon's way through the stack, one event a turn: to its next interaction or to the next face.

const ALIVE: u32 = 0xffffffffu;
// Turns after which a photon is given up.
const EVENT_LIMIT: u32 = 10000000u;
// A reflectance that counts as total: 1 but for its rounding.
const TOTAL: f32 = 0.9999998;

fn step(photon: ptr<function, Photon>) {
    (*photon).events += 1u;
    if (*photon).unsettled == 1u {
        settle(photon);
    }
    var g = STRAIGHT;
    if !EMISSION || (*photon).excited == NONE {
        g = fly(photon);
    }
    // what a flight or the source may have excited
    if EMISSION && (*photon).excited != NONE {
        g = follow_excitation(photon);
    }
    if g != STRAIGHT {
        redirect(photon, g);
    }
    if (*photon).events >= EVENT_LIMIT && (*photon).fate == ALIVE {
        (*photon).fate = FATE_TRUNCATED;
    }
    if (*photon).fate != ALIVE {
        tally_end(photon);
    }
}

// An emitter is excited: which one, where, and what becomes of it. Returns the anisotropy of the new direction.
fn follow_excitation(photon: ptr<function, Photon>) -> f32 {
    if (*photon).excited == UNKNOWN {
        absorb_in_emitter(photon);
    }
    if !is_in_packet((*photon).excited) {
        tally_depth(photon, DEPTH_EMITTERS);
    }
    return relax(photon);
}

// To the next interaction or the next face, whichever comes first. Guided light meets no face. Returns the anisotropy of
// the new direction.
fn fly(photon: ptr<function, Photon>) -> f32 {
    let flight = next_face(photon);
    let mu_t = (*photon).here.mu_t;
    let depth = flight.distance_um * mu_t;
    let inside = (*photon).tau < depth;
    var distance_um = flight.distance_um;
    if inside {
        distance_um = (*photon).tau / mu_t;
    }
    move_photon(photon, distance_um);
    if mu_t > 0.0 {
        (*photon).total_face = NONE;
    }
    if inside {
        return interact(photon);
    }
    // what is left of the free path goes on behind the face; never below 0, also where a compiler joins the product of the
    // depth with this difference
    (*photon).tau = max((*photon).tau - depth, 0.0);
    end_flight(photon, flight.side);
    return STRAIGHT;
}

// At a face or a side edge; or guided and still on its way, caught for good where nothing can take it.
fn end_flight(photon: ptr<function, Photon>, side: u32) {
    let unmet = GUIDES && is_guided(photon) && (*photon).here.mu_t == 0.0;
    if GUIDES && unmet && is_trapped(photon, (*photon).medium - 1u, (*photon).medium) {
        (*photon).fate = FATE_TRAPPED;
    } else if side == SIDE_UP || side == SIDE_DOWN {
        meet_face(photon, side);
    } else if EDGES && side != SIDE_NONE {
        meet_edge(photon, side);
    }
}

// A face between two media, or an outer face.
fn meet_face(photon: ptr<function, Photon>, side: u32) {
    let down = side == SIDE_DOWN;
    // face f lies between medium f and medium f + 1
    let face = select((*photon).medium - 1u, (*photon).medium, down);
    (*photon).position.z = select(0.0, (*photon).thickness_um, down);
    let n_next = select((*photon).around.n_front, (*photon).around.n_back, down);
    if (REFLECTORS || ABSORBING_FACES || PACKETS) && n_next == 0.0 {
        meet_other_face(photon, face, down);
    } else {
        meet_interface(photon, n_next, face, down);
    }
}

// A face that is not of the Fresnel kind.
fn meet_other_face(photon: ptr<function, Photon>, face: u32, down: bool) {
    let medium = media[design.first_medium + face];
    if REFLECTORS && medium.face_kind == FACE_SPECULAR {
        meet_mirror(photon, face, medium.face_reflectance);
    } else if REFLECTORS && medium.face_kind == FACE_DIFFUSE {
        meet_diffuser(photon, down, medium.face_reflectance);
    } else if ABSORBING_FACES && medium.face_kind == FACE_ABSORBING {
        meet_absorber(photon, face, down);
    } else if PACKETS {
        meet_packet(photon, face, down);
    }
}

// A Fresnel face: reflected, or refracted into the next medium, at random by the reflectance.
fn meet_interface(photon: ptr<function, Photon>, n_next: f32, face: u32, down: bool) {
    let n_here = (*photon).here.n;
    let cos_i = abs((*photon).direction.z);
    let surface = fresnel(n_here, n_next, cos_i, (*photon).polarisation);
    // equal indices are no interface, whatever rounding makes of them
    let met = n_here != n_next;
    if met && surface.reflectance >= TOTAL {
        // beyond the critical angle, or so grazing that rounding hides what passes
        reflect_totally(photon, face);
    } else if met && surface.reflectance > 0.0 && uniform_f32(photon) < surface.reflectance {
        reflect_back(photon);
    } else {
        let cos_t = select(cos_i, surface.cos_t, met);
        refract_into(photon, n_here / n_next, cos_t, select(face, face + 1u, down), down);
    }
}

fn refract_into(photon: ptr<function, Photon>, eta: f32, cos_t: f32, next_medium: u32, down: bool) {
    let direction = (*photon).direction;
    (*photon).direction = vec3(eta * direction.x, eta * direction.y, cos_t * sign(direction.z));
    enter_medium(photon, next_medium, cos_t, down);
}

// Through a face into a medium, by which light leaves if that lies outside.
fn enter_medium(photon: ptr<function, Photon>, medium: u32, cos_inside: f32, down: bool) {
    (*photon).medium = medium;
    if medium == 0u {
        leave(photon, FACE_FRONT, cos_inside);
    } else if medium > design.slabs {
        leave(photon, FACE_BACK, cos_inside);
    } else {
        (*photon).unsettled = 1u;
        (*photon).thickness_um = media[design.first_medium + medium].thickness_um;
        (*photon).position.z = select((*photon).thickness_um, 0.0, down);
    }
}

// Back into the medium it came from. Light from outside that never got in leaves.
fn reflect_back(photon: ptr<function, Photon>) {
    (*photon).direction.z = -(*photon).direction.z;
    if (*photon).medium == 0u {
        leave(photon, FACE_FRONT, abs((*photon).direction.z));
    }
}

// Total reflection. Twice in a row without an event between: the photon is caught.
fn reflect_totally(photon: ptr<function, Photon>, face: u32) {
    reflect_back(photon);
    let earlier = (*photon).total_face;
    (*photon).total_face = face;
    if earlier != NONE && earlier != face {
        if is_trapped(photon, earlier, face) {
            (*photon).fate = FATE_TRAPPED;
        } else if EDGES && (*photon).thickness_um == 0.0 && max(earlier, face) - min(earlier, face) == 1u {
            follow_gap(photon);
        }
    }
}

// Between the faces of a gap without thickness a ray gets nowhere, however often it is reflected. In the
// limit of a thin gap it follows it to a side edge.
fn follow_gap(photon: ptr<function, Photon>) {
    let position = (*photon).position;
    let direction = (*photon).direction;
    let x_um = design.half_width_um - select(-position.x, position.x, direction.x > 0.0);
    let x_distance_um = max(x_um, 0.0) / max(abs(direction.x), GRAZING);
    let y_um = design.half_depth_um - select(-position.y, position.y, direction.y > 0.0);
    let y_distance_um = max(y_um, 0.0) / max(abs(direction.y), GRAZING);
    move_photon(photon, min(x_distance_um, y_distance_um));
    (*photon).position.z = 0.0;
    meet_edge(photon, select(SIDE_Y, SIDE_X, x_distance_um < y_distance_um));
}

// The face of a medium that absorbs strongly, from either side: reflected by the whole indices, or let in.
fn meet_absorber(photon: ptr<function, Photon>, face: u32, down: bool) {
    let next_medium = select(face, face + 1u, down);
    let next = coefficients(photon, next_medium);
    let index_here = whole_index(photon, (*photon).here);
    let cos_i = abs((*photon).direction.z);
    let surface = fresnel_absorbing(index_here, whole_index(photon, next), cos_i, (*photon).polarisation);
    if surface.reflectance >= TOTAL {
        reflect_totally(photon, face);
        return;
    }
    let held = is_held(photon, face);
    if held && design.edge_kind == EDGE_NONE {
        follow_reflections(photon, surface.reflectance);
    }
    if !held && uniform_f32(photon) < surface.reflectance {
        reflect_back(photon);
    } else {
        pass_into(photon, index_here.x / next.n, surface.cos_t, next_medium, down);
    }
}

// A packet: reflected, let through into the next medium, or absorbed in one of its layers.
fn meet_packet(photon: ptr<function, Photon>, face: u32, down: bool) {
    let next_medium = select(face, face + 1u, down);
    let n_here = (*photon).here.n;
    let n_next = coefficients(photon, next_medium).n;
    let point = packet_point(photon, face, down, n_next);
    let shares = packet_shares(photon, face, point);
    if shares.x >= TOTAL {
        reflect_totally(photon, face);
        return;
    }
    let held = is_held(photon, face);
    if shares.y < 1.0 {
        // what absorbs a share of the light holds none of it for good
        (*photon).total_face = NONE;
    }
    if held && design.edge_kind == EDGE_NONE {
        follow_reflections(photon, shares.x);
    }
    var u = uniform_f32(photon);
    if held {
        // reflections are behind it
        u = min(shares.x + (1.0 - shares.x) * u, BELOW_ONE);
    }
    if u < shares.x {
        reflect_back(photon);
    } else if u < shares.y {
        pass_into(photon, n_here / n_next, point.cos_t, next_medium, down);
    } else {
        absorb_in_packet(photon, face, point, u);
    }
}

// Beyond the critical angle light gets into a medium that absorbs all the same, and along its face.
fn pass_into(photon: ptr<function, Photon>, eta: f32, cos_t: f32, next_medium: u32, down: bool) {
    if cos_t > 0.0 {
        refract_into(photon, eta, cos_t, next_medium, down);
    } else {
        let sine = sqrt(max(1.0 - (*photon).direction.z * (*photon).direction.z, 0.0));
        refract_into(photon, 1.0 / max(sine, GRAZING), GRAZING, next_medium, down);
    }
}

// Light goes to and fro across clear media: where a face on the other side reflects it totally, this one alone ends that.
fn is_held(photon: ptr<function, Photon>, face: u32) -> bool {
    let unseen = design.edge_kind == EDGE_NONE || design.edge_kind == EDGE_MIRROR;
    let clear = unseen && (*photon).here.mu_t == 0.0 && (*photon).total_face != NONE;
    // medium m lies between the faces m - 1 and m
    return clear && ((*photon).total_face < (*photon).medium) != (face < (*photon).medium);
}

// How far light gets across before a face of this reflectance, met again and again, takes it or lets it through.
fn follow_reflections(photon: ptr<function, Photon>, reflectance: f32) {
    let turns_um = 2.0 * (*photon).thickness_um / max(abs((*photon).direction.z), GRAZING);
    let tau = free_path(rng_next(photon));
    if reflectance > 0.0 {
        let way_um = turns_um * floor(tau / minus_ln(reflectance));
        (*photon).position.x += (*photon).direction.x * way_um;
        (*photon).position.y += (*photon).direction.y * way_um;
    }
}

fn meet_mirror(photon: ptr<function, Photon>, face: u32, reflectance: f32) {
    if reflectance == 1.0 {
        reflect_totally(photon, face);
    } else if !is_held(photon, face) && uniform_f32(photon) < reflectance {
        (*photon).direction.z = -(*photon).direction.z;
    } else {
        (*photon).fate = select(FATE_REFLECTOR_EMISSION, FATE_REFLECTOR_PUMP, (*photon).emissions == 0u);
    }
}

fn meet_diffuser(photon: ptr<function, Photon>, down: bool, reflectance: f32) {
    if uniform_f32(photon) < reflectance {
        let outward = lambertian(photon);
        (*photon).direction = vec3(outward.xy, select(outward.z, -outward.z, down));
        (*photon).total_face = NONE;
        draw_polarisation(photon);
    } else {
        (*photon).fate = select(FATE_REFLECTOR_EMISSION, FATE_REFLECTOR_PUMP, (*photon).emissions == 0u);
    }
}

// A side edge.
fn meet_edge(photon: ptr<function, Photon>, side: u32) {
    let along_x = side == SIDE_X;
    if design.edge_kind == EDGE_ABSORBING {
        (*photon).fate = select(FATE_EDGE_ABSORBED_EMISSION, FATE_EDGE_ABSORBED_PUMP, (*photon).emissions == 0u);
        return;
    }
    if design.edge_kind == EDGE_OPEN {
        let cos_i = abs(select((*photon).direction.y, (*photon).direction.x, along_x));
        let surface = fresnel((*photon).here.n, coefficients(photon, design.slabs + 2u).n, cos_i, 0.5);
        if surface.cos_t > 0.0 && !(surface.reflectance > 0.0 && uniform_f32(photon) < surface.reflectance) {
            leave(photon, FACE_EDGE, surface.cos_t);
            return;
        }
    }
    // reflected, exactly on the edge
    let half_um = vec2(design.half_width_um, design.half_depth_um);
    if along_x {
        (*photon).position.x = select(-half_um.x, half_um.x, (*photon).direction.x > 0.0);
        (*photon).direction.x = -(*photon).direction.x;
    } else {
        (*photon).position.y = select(-half_um.y, half_um.y, (*photon).direction.y > 0.0);
        (*photon).direction.y = -(*photon).direction.y;
    }
    draw_polarisation(photon);
}

// Light leaves by a face, at this cosine to the face's normal outside.
fn leave(photon: ptr<function, Photon>, face: u32, cos_outside: f32) {
    (*photon).exit_face = face;
    (*photon).exit_cos = cos_outside;
    (*photon).fate = select(FATE_FRONT_EMISSION, FATE_REFLECTED_PUMP, (*photon).emissions == 0u) + face;
}
