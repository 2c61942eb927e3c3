// How a photon's life begins.

// Photon `index` of a design.
fn launch(design_number: u32, index: U64) -> Photon {
    var photon: Photon;
    photon.rng = stream(index);
    photon.design = design_number;
    photon.group = u64_low(index) % GROUPS;
    photon.medium = design.source_medium;
    photon.emitter = NONE;
    photon.excited = NONE;
    photon.unsettled = 1u;
    photon.total_face = NONE;
    photon.polarisation = 0.5;
    photon.fate = ALIVE;
    photon.node = design.first_node;
    if photon.medium > 0u {
        photon.thickness_um = media[design.first_medium + photon.medium].thickness_um;
    }
    let spot = spot_position(&photon);
    photon.position = vec3(spot, 0.0);
    if INTERNAL_SOURCES && design.source_kind == SOURCE_INTERNAL {
        launch_excitation(&photon);
    } else {
        launch_light(&photon);
    }
    return photon;
}

// The random numbers of photon `index`.
fn stream(index: U64) -> Rng {
    let seed = u64_of(job.seed.x, job.seed.y);
    if STRATIFIED && design.stratified == 1u {
        return stratified_rng(seed, index);
    }
    return rng_for_photon(seed, index);
}

// Light from the front: a wavelength and a direction.
fn launch_light(photon: ptr<function, Photon>) {
    if SOURCE_SPECTRA && design.pump_nodes > 1u {
        (*photon).node = choose_node(design.first_node, design.pump_nodes, rng_next(photon));
    }
    if !DIFFUSE_SOURCES || design.source_kind == SOURCE_BEAM {
        let sin_theta = sqrt(max(1.0 - design.cos_theta * design.cos_theta, 0.0));
        (*photon).direction = vec3(sin_theta, 0.0, design.cos_theta);
    } else {
        (*photon).direction = lambertian(photon);
    }
    (*photon).tau = free_path(rng_next(photon));
    draw_polarisation(photon);
}

// An excitation of one emitter, uniform in the thickness of its layer. In a packet depth says nothing.
fn launch_excitation(photon: ptr<function, Photon>) {
    (*photon).excited = design.source_emitter;
    if !is_in_packet((*photon).excited) {
        (*photon).position.z = uniform_f32(photon) * (*photon).thickness_um;
    }
}

// Where on the face the source's light starts, in um from the centre.
fn spot_position(photon: ptr<function, Photon>) -> vec2<f32> {
    if SPOTS && design.spot_kind == SPOT_DISC {
        let radius_um = design.spot_radius_um * sqrt(uniform_f32(photon));
        return radius_um * cos_sin_turn(uniform_f32(photon));
    }
    if SPOTS && design.spot_kind == SPOT_FACE {
        let x_um = (2.0 * uniform_f32(photon) - 1.0) * design.half_width_um;
        let y_um = (2.0 * uniform_f32(photon) - 1.0) * design.half_depth_um;
        return vec2(x_um, y_um);
    }
    return vec2(0.0, 0.0);
}
