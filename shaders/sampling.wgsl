// Random numbers turned into free paths, directions and choices.
//
// Logarithm, sine and cosine are written out as polynomials: the accuracy of a device's own is not
// promised (Vulkan allows sin an error of 2^-11), and this way both engines compute the same bits.

const LN_2: f32 = 0.6931471805599453;
// The largest f32 below 1.
const BELOW_ONE: f32 = 0.99999994;
const PI: f32 = 3.141592653589793;

// A uniform number on [0, 1), a multiple of 2^-24: 1 cannot occur.
fn uniform_f32(photon: ptr<function, Photon>) -> f32 {
    return f32(rng_next(photon) >> 8u) * exp2_int(-24);
}

// A uniform number from 32 random bits, fine near 0, for choices in which what is rare matters. 1 cannot occur.
fn uniform_fine(bits: u32) -> f32 {
    return min((f32(bits) + 0.5) * exp2_int(-32), BELOW_ONE);
}

// 2^exponent, exactly, for -126 <= exponent <= 127.
fn exp2_int(exponent: i32) -> f32 {
    return bitcast<f32>(u32(exponent + 127) << 23u);
}

// ln((1 + s) / (1 - s)) = 2 artanh(s) for |s| <= 1/3, to f32 accuracy relative to the result.
fn ln_ratio(s: f32) -> f32 {
    let q = s * s;
    var series = 1.0 / 15.0;
    series = series * q + 1.0 / 13.0;
    series = series * q + 1.0 / 11.0;
    series = series * q + 1.0 / 9.0;
    series = series * q + 1.0 / 7.0;
    series = series * q + 1.0 / 5.0;
    series = series * q + 1.0 / 3.0;
    return 2.0 * s + 2.0 * s * q * series;
}

// An optical depth with density exp(-tau), from 32 random bits: -ln((bits + 1/2) / 2^32), fine at both
// ends, so that a layer of optical depth 1e-7 comes out right.
fn free_path(bits: u32) -> f32 {
    let parts = free_path_parts(bits);
    return ln_ratio(parts.x) - parts.y;
}

// What `free_path` takes the logarithm of, as `ln_ratio` wants it, and how much less it is.
fn free_path_parts(bits: u32) -> vec2<f32> {
    // which half, counted from its own end
    let short = bits >= 0x80000000u;
    let x = f32(i32(select(bits, ~bits, short))) + 0.5;
    // the short half is -ln(1 - y) = ln_ratio(y / (2 - y)), with y at most 1/2
    let y = x * exp2_int(-32);
    // the long half is -ln(mantissa * 2^exponent), with the mantissa in [1, 2)
    let exponent = i32(bitcast<u32>(x) >> 23u) - 127 - 32;
    let mantissa = bitcast<f32>((bitcast<u32>(x) & 0x007fffffu) | 0x3f800000u);
    let numerator = select(1.0 - mantissa, y, short);
    let denominator = select(1.0 + mantissa, 2.0 - y, short);
    // a product where a choice would do: compilers of shaders round differently what they make of that
    let long = select(1.0, 0.0, short);
    return vec2(numerator / denominator, long * f32(exponent) * LN_2);
}

// -ln(x) for 0 < x <= 1, to f32 accuracy relative to the result.
fn minus_ln(x: f32) -> f32 {
    if x > 0.5 {
        return ln_ratio((1.0 - x) / (1.0 + x));
    }
    let exponent = i32(bitcast<u32>(x) >> 23u) - 127;
    let mantissa = bitcast<f32>((bitcast<u32>(x) & 0x007fffffu) | 0x3f800000u);
    return ln_ratio((1.0 - mantissa) / (1.0 + mantissa)) - f32(exponent) * LN_2;
}

// Cosine and sine of a share of a full turn, 0 <= share < 1, from those of the half angle.
fn cos_sin_turn(share: f32) -> vec2<f32> {
    // the turn counted from its middle: the half angle lies in -pi/2 .. pi/2, and both signs change
    let x = (share - 0.5) * PI;
    let q = x * x;
    var sine = 1.0 / 6227020800.0;
    sine = sine * q - 1.0 / 39916800.0;
    sine = sine * q + 1.0 / 362880.0;
    sine = sine * q - 1.0 / 5040.0;
    sine = sine * q + 1.0 / 120.0;
    sine = sine * q - 1.0 / 6.0;
    sine = x + x * q * sine;
    var cosine = -1.0 / 87178291200.0;
    cosine = cosine * q + 1.0 / 479001600.0;
    cosine = cosine * q - 1.0 / 3628800.0;
    cosine = cosine * q + 1.0 / 40320.0;
    cosine = cosine * q - 1.0 / 720.0;
    cosine = cosine * q + 1.0 / 24.0;
    cosine = cosine * q - 0.5;
    cosine = 1.0 + cosine * q;
    return vec2(2.0 * sine * sine - 1.0, -2.0 * sine * cosine);
}

// A direction into z > 0 whose flux density goes with cos(theta).
fn lambertian(photon: ptr<function, Photon>) -> vec3<f32> {
    // 1 - uniform lies in (0, 1], so the direction never grazes exactly
    let cos2_theta = 1.0 - uniform_f32(photon);
    let sin_theta = sqrt(1.0 - cos2_theta);
    let turn = cos_sin_turn(uniform_f32(photon));
    return vec3(sin_theta * turn.x, sin_theta * turn.y, sqrt(cos2_theta));
}

// Cosine of the scattering angle by Henyey and Greenstein (1941), inverted at the uniform number u.
fn henyey_greenstein(g: f32, u: f32) -> f32 {
    let s = 2.0 * u - 1.0;
    let a = 1.0 - g + 2.0 * g * u;
    // for weak anisotropy the closed form with g divided out of its numerator, so that g = 0 needs no case of its own
    let weak = abs(g) < 0.5;
    let numerator = s + g * (1.5 + 0.5 * s * s) + g * g * s + 0.5 * g * g * g * (s * s - 1.0);
    let ratio = select(1.0 - g * g, numerator, weak) / select(a, a * a, weak);
    let strong = (1.0 + g * g - ratio * ratio) / select(2.0 * g, 1.0, weak);
    return clamp(select(strong, ratio, weak), -1.0, 1.0);
}

// The direction turned by an angle, at an azimuth given as a share of a full turn.
fn deflect(direction: vec3<f32>, cos_theta: f32, azimuth: f32) -> vec3<f32> {
    return deflect_at(direction, cos_theta, cos_sin_turn(azimuth));
}

// The same at an azimuth given by its cosine and sine.
fn deflect_at(direction: vec3<f32>, cos_theta: f32, turn: vec2<f32>) -> vec3<f32> {
    // two unit vectors across the direction (Duff et al., J. Comput. Graph. Tech. 6(1), 2017)
    let up = select(-1.0, 1.0, direction.z >= 0.0);
    let a = -1.0 / (up + direction.z);
    let b = direction.x * direction.y * a;
    let across_1 = vec3(1.0 + up * direction.x * direction.x * a, up * b, -up * direction.x);
    let across_2 = vec3(b, up + direction.y * direction.y * a, -direction.y);
    let sin_theta = sqrt(max(1.0 - cos_theta * cos_theta, 0.0));
    let turned = across_1 * (sin_theta * turn.x) + across_2 * (sin_theta * turn.y) + direction * cos_theta;
    // one Newton step back to unit length, and never exactly in the plane of the layers
    let unit = turned * (1.5 - 0.5 * dot(turned, turned));
    return vec3(unit.xy, select(unit.z, GRAZING, unit.z == 0.0));
}

// A node of a spectrum by its alias table (Walker 1977; Vose 1991): the high half of bits x length picks
// the node, the low half decides between it and its alias.
fn choose_node(first_node: u32, length: u32, bits: u32) -> u32 {
    let product = u64_product(bits, length);
    let node = first_node + u64_high(product);
    return select(nodes[node].alias_node, node, u64_low(product) < nodes[node].threshold);
}
