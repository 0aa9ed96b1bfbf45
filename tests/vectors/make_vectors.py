#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make_vectors.py: known answers by a second implementation.

Writes the *.txt files beside itself.  The tests read those and need no Python.
Second implementations: Python's hashlib and hmac, the package `cryptography`
(44 or newer; it stands on OpenSSL and Rust) for HKDF, Argon2id, Ed25519,
X25519, Poly1305 and ChaCha20-Poly1305, and this file for HChaCha20, Salsa20
and Merkle trees.  Each is first held against the answers that were published;
those stand below with their source.  The files come out the same every time.
"""

import base64
import hashlib
import hmac
import struct
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.poly1305 import Poly1305

HERE = Path(__file__).resolve().parent
MASK = 0xffffffff
h = bytes.fromhex


def expect(what, got, published):
    if got != h(published):
        raise SystemExit(f"{what}: {got.hex()} is not what was published")


def write(name, source, cases):
    """One `key: value` a line, a blank line between cases; bytes as hex."""
    lines = ["# SPDX-License-Identifier: GPL-3.0-or-later",
             "# Made by make_vectors.py."]
    lines += [f"# {line}" for line in source.splitlines()]
    for case in cases:
        lines.append("")
        for key, value in case.items():
            text = value.hex() if isinstance(value, bytes) else str(value)
            lines.append(f"{key}: {text}".rstrip())
    (HERE / name).write_text("\n".join(lines) + "\n")


def some_bytes(n, tag):
    """n bytes without a pattern, the same every time."""
    return hashlib.shake_128(tag.encode()).digest(n)


# ---- ChaCha20 and Salsa20 ------------------------------------------------

def rotl(v, n):
    return (v << n | v >> (32 - n)) & MASK


def hchacha20(key, nonce):
    s = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))

    def quarter(a, b, c, d):
        for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = (s[x] + s[y]) & MASK
            s[z] = rotl(s[z] ^ s[x], n)

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<8I", *s[:4], *s[12:])


def xchacha20_poly1305(key, nonce, aad, plain):
    sub = ChaCha20Poly1305(hchacha20(key, nonce[:16]))
    return sub.encrypt(bytes(4) + nonce[16:], plain, aad)


def salsa20_rounds(s):
    s = list(s)

    def quarter(a, b, c, d):
        s[b] ^= rotl((s[a] + s[d]) & MASK, 7)
        s[c] ^= rotl((s[b] + s[a]) & MASK, 9)
        s[d] ^= rotl((s[c] + s[b]) & MASK, 13)
        s[a] ^= rotl((s[d] + s[c]) & MASK, 18)

    for _ in range(10):
        for i in range(4):
            quarter(*(5 * i % 16 if j == 0 else (5 * i + 4 * j) % 16 for j in range(4)))
        for i in range(4):
            quarter(*(4 * i + (i + j) % 4 for j in range(4)))
    return s


def salsa20_state(key, block):
    k = struct.unpack("<8I", key)
    c = struct.unpack("<4I", b"expand 32-byte k")
    n = struct.unpack("<4I", block)
    return [c[0], *k[:4], c[1], *n, c[2], *k[4:], c[3]]


def hsalsa20(key, nonce):
    s = salsa20_rounds(salsa20_state(key, nonce))
    return struct.pack("<8I", *(s[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))


def xsalsa20_poly1305(key, nonce, plain):
    sub = hsalsa20(key, nonce[:16])
    stream = b""
    for counter in range((32 + len(plain)) // 64 + 1):
        start = salsa20_state(sub, nonce[16:] + struct.pack("<Q", counter))
        mixed = salsa20_rounds(start)
        stream += struct.pack("<16I", *((a + b) & MASK for a, b in zip(start, mixed)))
    cipher = bytes(a ^ b for a, b in zip(plain, stream[32:]))
    return Poly1305.generate_tag(stream[:32], cipher) + cipher


def published_ciphers():
    # draft-irtf-cfrg-xchacha-03, sections 2.2.1 and A.3.1
    expect("HChaCha20", hchacha20(bytes(range(32)), h("000000090000004a0000000031415927")),
           "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc")
    text = (b"Ladies and Gentlemen of the class of '99: If I could offer you only "
            b"one tip for the future, sunscreen would be it.")
    sealed = xchacha20_poly1305(bytes(range(0x80, 0xa0)), bytes(range(0x40, 0x58)),
                                h("50515253c0c1c2c3c4c5c6c7"), text)
    expect("XChaCha20-Poly1305", sealed[:16] + sealed[-16:],
           "bd6d179d3e83d43b9576579493c0e939c0875924c1c7987947deafd8780acf49")
    # NaCl, tests/secretbox.c
    text = h("be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd"
             "751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7f"
             "a1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a0"
             "89bc76897040e082f937763848645e0705")
    sealed = xsalsa20_poly1305(
        h("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389"),
        h("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37"), text)
    expect("XSalsa20-Poly1305", sealed[:16], "f3ffc7703f9400e52a7dfb4b3d3305d9")


# ---- hashes, HMAC, HKDF, Argon2id ---------------------------------------

def make_hash():
    cases = [{"in": m, "sha256": hashlib.sha256(m).digest()} for m in
             (b"", b"abc", b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
              *(some_bytes(n, "hash") for n in (1, 55, 56, 63, 64, 65, 119, 127, 128, 1000)))]
    expect("SHA-256", cases[1]["sha256"],
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    write("hash.txt", "SHA-256 by hashlib; the first three are examples of FIPS 180-4.", cases)


RFC4231 = [
    (b"\x0b" * 20, b"Hi There",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
     "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
     "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"),
    (b"Jefe", b"what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
     "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
     "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"),
    (b"\xaa" * 20, b"\xdd" * 50,
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
     "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
     "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"),
    (bytes(range(1, 26)), b"\xcd" * 50,
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
     "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
     "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd"),
    (b"\xaa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
     "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
     "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"),
    (b"\xaa" * 131,
     b"This is a test using a larger than block-size key and a larger than block-size "
     b"data. The key needs to be hashed before being used by the HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
     "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
     "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58"),
]


def make_hmac():
    cases = []
    for key, data, small, large in RFC4231:
        case = {"key": key, "in": data, "sha256": hmac.digest(key, data, "sha256"),
                "sha512": hmac.digest(key, data, "sha512")}
        expect("HMAC-SHA-256", case["sha256"], small)
        expect("HMAC-SHA-512", case["sha512"], large)
        cases.append(case)
    for n in (0, 32, 63, 64, 65, 127, 128, 129):
        key, data = some_bytes(n, "hmac key"), some_bytes(3 * n, "hmac data")
        cases.append({"key": key, "in": data, "sha256": hmac.digest(key, data, "sha256"),
                      "sha512": hmac.digest(key, data, "sha512")})
    write("hmac.txt", "HMAC by Python's hmac; the first six are cases 1-4, 6 and 7 of RFC 4231.",
          cases)


RFC5869 = [
    (b"\x0b" * 22, bytes(range(13)), bytes(range(0xf0, 0xfa)), 42,
     "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
    (bytes(range(0x50)), bytes(range(0x60, 0xb0)), bytes(range(0xb0, 0x100)), 82,
     "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
     "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
     "cc30c58179ec3e87c14c01d5c1f3434f1d87"),
    (b"\x0b" * 22, b"", b"", 42,
     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
]


def make_hkdf():
    cases = []

    def add(ikm, salt, info, n):
        okm = HKDF(hashes.SHA256(), n, salt or None, info).derive(ikm)
        cases.append({"ikm": ikm, "salt": salt, "info": info, "okm": okm})
        return okm

    for ikm, salt, info, n, okm in RFC5869:
        expect("HKDF", add(ikm, salt, info, n), okm)
    add(some_bytes(32, "kek"), some_bytes(33, "kek salt"), b"mk1/kek" + bytes(8), 32)
    add(some_bytes(32, "dek"), b"", b"mk1/dekwrap", 32)
    add(some_bytes(64, "long"), b"salt", b"", 8160)
    write("hkdf.txt", "HKDF-SHA256 by cryptography; the first three are RFC 5869, A.1 to A.3.",
          cases)


def make_argon2():
    tag = Argon2id(salt=b"\x02" * 16, length=32, iterations=3, lanes=4, memory_cost=32,
                   ad=b"\x04" * 12, secret=b"\x03" * 8).derive(b"\x01" * 32)
    expect("Argon2id (RFC 9106, 5.3)", tag,
           "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")
    cases = []
    for t, mib, word in ((3, 8, b"correct horse battery staple"), (4, 16, b""),
                         (3, 64, "wachtwoord met \u00e9\u00e9n accent".encode())):
        salt = some_bytes(16, f"argon2 {t} {mib}")
        key = Argon2id(salt=salt, length=32, iterations=t, lanes=1,
                       memory_cost=mib * 1024).derive(word)
        cases.append({"t": t, "m_kib": mib * 1024, "passphrase": word, "salt": salt, "key": key})
    write("argon2.txt", "Argon2id version 0x13, p = 1, 32 bytes, by cryptography, which gives the\n"
          "answer of RFC 9106 section 5.3 (that one has p = 4 and a secret).", cases)


# ---- the envelope -------------------------------------------------------

def envelope(key, key_gen, nonce, aad, plain):
    """CRYPTO, "The envelope"."""
    head = struct.pack(">BI", 1, key_gen) + nonce
    okm = hmac.digest(key, b"meldkluis/env/v1\0" + head + struct.pack(">I", len(aad)) + aad,
                      "sha512")
    return head + okm[32:] + xchacha20_poly1305(okm[:32], nonce, aad, plain)


def aad_of(magic, store, table, column, row, version, key_id):
    return struct.pack(">4s16sHH16sQ16sH", magic, store, table, column, row, version, key_id, 0)


def splitmix64(seed, n):
    """The row of bytes of a test build with MELDKLUIS_TEST_SEED = seed."""
    full = (1 << 64) - 1
    out = b""
    while len(out) < n:
        seed = (seed + 0x9e3779b97f4a7c15) & full
        z = seed
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9 & full
        z = (z ^ z >> 27) * 0x94d049bb133111eb & full
        out += struct.pack("<Q", z ^ z >> 31)
    return out[:n]


def padded(plain, step):
    size = (len(plain) // step + 1) * step
    if size > 512:
        size = 512
        while size <= len(plain):
            size *= 2
    return plain + b"\x80" + bytes(size - len(plain) - 1)


def make_envelope():
    cases = []
    for i, n in enumerate((0, 1, 32, 100, 512, 4096)):
        case = {"magic": (b"MKA1", b"MKC1", b"MKS1", b"MKW1")[i % 4].decode(),
                "store": some_bytes(16, "store"), "table": 3 + i, "column": 0x0102 + i,
                "row": some_bytes(16, f"row {i}"), "version": (1 << 40) + i,
                "key_id": some_bytes(16, f"key id {i}"), "key": some_bytes(32, f"key {i}"),
                "key_gen": 7 * i, "seed": 1000 + i}
        nonce = splitmix64(case["seed"], 24)
        aad = aad_of(case["magic"].encode(), case["store"], case["table"], case["column"],
                     case["row"], case["version"], case["key_id"])
        plain = some_bytes(n, f"plain {i}")
        case.update(aad=aad, nonce=nonce, plain=plain,
                    env=envelope(case["key"], case["key_gen"], nonce, aad, plain))
        cases.append(case)
    write("envelope.txt", "The envelope: HMAC-SHA-512 by Python's hmac, HChaCha20 by\n"
          "make_vectors.py, ChaCha20-Poly1305 by cryptography.  The nonce is what a test\n"
          "build draws after MELDKLUIS_TEST_SEED = seed.", cases)
    cases = []
    for i, (step, n) in enumerate(((64, 0), (64, 63), (64, 64), (64, 500), (512, 10),
                                   (512, 511), (512, 512), (512, 3000))):
        key, aad = some_bytes(32, f"pad key {i}"), some_bytes(66, f"pad aad {i}")
        plain = some_bytes(n, f"pad plain {i}")
        nonce = splitmix64(i, 24)
        cases.append({"step": step, "key": key, "key_gen": i, "seed": i, "aad": aad,
                      "plain": plain, "env": envelope(key, i, nonce, aad, padded(plain, step))})
    write("padded.txt", "Envelopes with padding (ISO/IEC 7816-4), made like those of envelope.txt.",
          cases)


# ---- signatures and boxes -----------------------------------------------

RFC8032 = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
     "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]


def make_sign():
    cases = []
    for seed, pk, msg, sig in RFC8032:
        key = ed25519.Ed25519PrivateKey.from_private_bytes(h(seed))
        expect("Ed25519 key", key.public_key().public_bytes_raw(), pk)
        expect("Ed25519", key.sign(h(msg)), sig)
        for context, n in (("meldkluis/head/v1", 296), ("meldkluis/member/v1", 0), ("x", 5000)):
            text = some_bytes(n, "signed " + context)
            cases.append({"seed": h(seed), "pk": h(pk), "context": context, "msg": text,
                          "sig": key.sign(context.encode() + b"\0" + text)})
    write("sign.txt", "Ed25519 over context | 00 | msg by cryptography; seeds and public keys of\n"
          "RFC 8032 section 7.1, whose signatures cryptography gives.", cases)


def make_box():
    # RFC 7748 section 6.1
    alice = h("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    bob = h("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    private = x25519.X25519PrivateKey.from_private_bytes
    bob_pk = private(bob).public_key()
    expect("X25519", private(alice).public_key().public_bytes_raw(),
           "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
    expect("X25519", private(alice).exchange(bob_pk),
           "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
    cases = []
    for i, (n, prefix) in enumerate(((0, 0), (1, 1), (32, 0), (52, 20), (300, 36))):
        secret = bob if i == 0 else some_bytes(32, f"box secret {i}")
        pk = private(secret).public_key()
        once = private(alice if i == 0 else some_bytes(32, f"box once {i}"))
        once_pk = once.public_key().public_bytes_raw()
        plain = some_bytes(n, f"box plain {i}")
        key = hsalsa20(once.exchange(pk), bytes(16))
        nonce = hashlib.blake2b(once_pk + pk.public_bytes_raw(), digest_size=24).digest()
        cases.append({"secret": secret, "pk": pk.public_bytes_raw(), "plain": plain,
                      "prefix": prefix, "box": once_pk + xsalsa20_poly1305(key, nonce, plain)})
    write("box.txt", "Sealed boxes: X25519 and Poly1305 by cryptography, BLAKE2b by hashlib,\n"
          "Salsa20 by make_vectors.py; the keys of the first are those of RFC 7748, 6.1.\n"
          "The first `prefix` bytes of plain are context, the rest is the secret.", cases)


# ---- trees --------------------------------------------------------------

def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def root(leaves):
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def path(m, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return path(m, leaves[:k]) + [root(leaves[k:])]
    return path(m - k, leaves[k:]) + [root(leaves[:k])]


def proof(m, leaves, known=True):
    if m == len(leaves):
        return [] if known else [root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return proof(m, leaves[:k], known) + [root(leaves[k:])]
    return proof(m - k, leaves[k:], False) + [root(leaves[:k])]


CT_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
             "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"]


def make_merkle():
    leaves = [hashlib.sha256(b"\0" + h(leaf)).digest() for leaf in CT_LEAVES]
    cases = [{"kind": "leaf", "leaf": h(leaf), "hash": x} for leaf, x in zip(CT_LEAVES, leaves)]
    for n, published in enumerate(CT_ROOTS):
        expect(f"root of {n}", root(leaves[:n]), published)
        cases.append({"kind": "root", "size": n, "root": root(leaves[:n])})
    for n in (1, 2, 3, 5, 7, 8):
        for m in range(n):
            cases.append({"kind": "inclusion", "index": m, "size": n,
                          "proof": b"".join(path(m, leaves[:n]))})
        for m in range(1, n):
            cases.append({"kind": "consistency", "old": m, "size": n,
                          "proof": b"".join(proof(m, leaves[:n]))})
    many = [hashlib.sha256(b"\0" + struct.pack(">I", i)).digest() for i in range(5000)]
    for n in (15, 16, 17, 255, 256, 257, 4095, 4096, 4097, 5000):
        cases.append({"kind": "numbers", "size": n, "root": root(many[:n])})
    write("merkle.txt", "Trees of RFC 6962 by make_vectors.py, written as the RFC has it.  Leaves and\n"
          "roots 0 to 8 are those of the test suite of Certificate Transparency; the leaves\n"
          "of kind numbers are 0, 1, 2, .. as big-endian u32.", cases)


def make_base64():
    cases = [{"in": m, "b64": base64.b64encode(m).decode()} for m in
             (b"", b"f", b"fo", b"foo", b"foob", b"fooba", b"foobar",
              bytes(range(256)), some_bytes(31, "b64"), some_bytes(32, "b64"))]
    write("base64.txt", "Base64 by Python's base64; the first seven are RFC 4648 section 10.", cases)


def make_selftest():
    key, aad, plain = bytes(range(32)), b"self-test", b"meldkluis"
    seed = h(RFC8032[0][0])
    once = x25519.X25519PrivateKey.from_private_bytes(bytes(range(64, 96)))
    secret = x25519.X25519PrivateKey.from_private_bytes(key)
    pk = secret.public_key().public_bytes_raw()
    once_pk = once.public_key().public_bytes_raw()
    nonce = hashlib.blake2b(once_pk + pk, digest_size=24).digest()
    shared = hsalsa20(once.exchange(secret.public_key()), bytes(16))
    signer = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    write("selftest.txt", "The known answers in crypto/selftest.c.", [{
        "env": envelope(key, 1, bytes(range(32, 56)), aad, plain),
        "sig": signer.sign(b"self-test\0meldkluis"),
        "box": once_pk + xsalsa20_poly1305(shared, nonce, plain)}])


if __name__ == "__main__":
    published_ciphers()
    make_hash()
    make_hmac()
    make_hkdf()
    make_argon2()
    make_envelope()
    make_sign()
    make_box()
    make_merkle()
    make_base64()
    make_selftest()
