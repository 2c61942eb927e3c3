// Coherent layers met as one face: what they do to waves stands in tables.

struct PacketPoint {
    // First row of the point of the table at or before the ray's cosine.
    row: u32,
    // How far the ray lies from there to the next point, 0..=1.
    share: f32,
    // Cosine of the refracted ray to the normal; 0 for total reflection.
    cos_t: f32,
}

// What may absorb in a packet: its layers, and behind them in number the emitters that they hold.
fn packet_absorbers(face: u32) -> u32 {
    let medium = media[design.first_medium + face];
    return medium.packet_layers + medium.packet_emitters;
}

// Rows of one point of a packet's tables: one of reflection and transmission, one for each two absorbers.
fn packet_stride(absorbers: u32) -> u32 {
    return 1u + (absorbers + 1u) / 2u;
}

// Where a ray stands in the tables of the packet at a face.
fn packet_point(photon: ptr<function, Photon>, face: u32, down: bool, n_next: f32) -> PacketPoint {
    let medium = media[design.first_medium + face];
    let cos_i = abs((*photon).direction.z);
    let eta = (*photon).here.n / n_next;
    let cos2_t = (1.0 - eta) * (1.0 + eta) + eta * eta * cos_i * cos_i;
    let cos_t = sqrt(max(cos2_t, 0.0));
    // by the cosine on the rarer side, in which all is smooth
    var region = select(1u, 0u, down);
    var x = select(cos_i, cos_t, eta > 1.0);
    if cos2_t <= 0.0 {
        // beyond the critical angle by tan(phi / 2), where cos_i = cos(critical) cos(phi)
        let cos2_phi = min(eta * eta * cos_i * cos_i / ((eta - 1.0) * (eta + 1.0)), 1.0);
        region = PACKET_TOTAL;
        x = sqrt(1.0 - cos2_phi) / (1.0 + sqrt(cos2_phi));
    }
    // the pump's nodes come first, and have cells of their own number
    var node = (*photon).node - design.first_node;
    var cells = medium.packet_pump_cells;
    var points = 0u;
    if node >= design.pump_nodes {
        points = design.pump_nodes * PACKET_REGIONS * (cells + 1u);
        node -= design.pump_nodes;
        cells = medium.packet_cells;
    }
    let place = min(x, 1.0) * f32(cells);
    let cell = min(u32(place), cells - 1u);
    points += (node * PACKET_REGIONS + region) * (cells + 1u) + cell;
    let row = medium.packet_row + points * packet_stride(packet_absorbers(face));
    return PacketPoint(row, place - f32(cell), cos_t);
}

// A row of numbers between two points, `offset` rows behind the first of each.
fn packet_row(face: u32, point: PacketPoint, offset: u32) -> vec4<f32> {
    let stride = packet_stride(packet_absorbers(face));
    let low = coefficient_rows[point.row + offset];
    let high = coefficient_rows[point.row + stride + offset];
    return low + (high - low) * point.share;
}

// Reflectance, and reflectance and transmittance together, for the photon's polarisation.
fn packet_shares(photon: ptr<function, Photon>, face: u32, point: PacketPoint) -> vec2<f32> {
    let row = packet_row(face, point, 0u);
    let p = (*photon).polarisation;
    return vec2((1.0 - p) * row.x + p * row.z, (1.0 - p) * row.y + p * row.w);
}

// Absorption where the random number falls; the shares of absorbers follow those of `packet_shares`.
fn absorb_in_packet(photon: ptr<function, Photon>, face: u32, point: PacketPoint, u: f32) {
    let absorbers = packet_absorbers(face);
    let p = (*photon).polarisation;
    var absorber = 0u;
    while absorber + 1u < absorbers {
        let row = packet_row(face, point, 1u + absorber / 2u);
        let ends = select(row.zw, row.xy, absorber % 2u == 0u);
        if u < (1.0 - p) * ends.x + p * ends.y {
            break;
        }
        absorber += 1u;
    }
    absorb_by(photon, face, absorber);
}

// Lost to a layer of the packet, or taken up by an emitter in one.
fn absorb_by(photon: ptr<function, Photon>, face: u32, absorber: u32) {
    let medium = media[design.first_medium + face];
    if absorber < medium.packet_layers {
        (*photon).exit_face = medium.packet_slot + absorber;
        (*photon).fate = select(FATE_PACKET_EMISSION, FATE_PACKET_PUMP, (*photon).emissions == 0u);
    } else {
        (*photon).excited = medium.packet_first_emitter + absorber - medium.packet_layers;
    }
}
