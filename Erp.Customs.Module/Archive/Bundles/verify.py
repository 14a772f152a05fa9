#!/usr/bin/env python3
"""Verifies the evidence of an order: python3 verify.py [FOLDER OR ZIP] [--key FINGERPRINT]

Needs Python 3.8 or later and openssl 3; no network. What is computed stands in the archive's docs/evidence.md.
Ends with 0 when everything is as it was sealed, with 1 and the first thing that is not, otherwise.
--key: the fingerprint of the archive's key as you know it from elsewhere (its operator, an earlier bundle);
without it the script prints the fingerprint that this bundle claims, for you to compare.
"""
import base64, hashlib, json, os, subprocess, sys, tempfile, zipfile


class Wrong(Exception):
    pass


def expect(condition, sentence):
    if not condition:
        raise Wrong(sentence)


class Bundle:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path) if os.path.isfile(path) else None
        self.folder = path
        self.content = json.loads(self.read("bundle.json"))

    def read(self, name):
        if self.zip:
            return self.zip.read(name)
        with open(os.path.join(self.folder, *name.split("/")), "rb") as file:
            return file.read()


def openssl(*arguments, **files):
    """Runs openssl; {name} in an argument stands for a file with these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, content in files.items():
            paths[name] = os.path.join(folder, name)
            with open(paths[name], "wb") as file:
                file.write(content)
        return subprocess.run(["openssl", *[argument.format(**paths) for argument in arguments]], capture_output=True)


def sized(content):
    return len(content).to_bytes(4, "big") + content


def text(value):
    return sized(value.encode("utf-8"))


def pem(der):
    lines = base64.encodebytes(der).decode().replace("\n\n", "\n")
    return ("-----BEGIN PUBLIC KEY-----\n" + lines + "-----END PUBLIC KEY-----\n").encode()


def value_of(bundle, value):
    """NULL, a text (a number is the text of its digits), or bytes: sums as hex, others in a file."""
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"]) if "hex" in value else bundle.read(value["file"])
    return None if value is None else value.encode("utf-8")


def leaf_of(bundle, record):
    hashed = bytes.fromhex(record["salt"]) + text(record["kind"])
    for name, value in record["values"]:
        content = value_of(bundle, value)
        hashed += text(name) + (b"\xff\xff\xff\xff" if content is None else sized(content))
    return hashlib.sha256(hashed).digest()


def verify_checkpoint(checkpoint, key):
    statement = checkpoint["statement"].encode("utf-8")
    der = base64.b64decode(checkpoint["publicKey"])
    fingerprint = hashlib.sha256(der).hexdigest()
    expect(key is None or fingerprint in key, f"a checkpoint is signed with another key, {fingerprint}")
    answer = openssl("dgst", "-sha256", "-verify", "{key}", "-signature", "{signature}", "{statement}",
                     key=pem(der), signature=base64.b64decode(checkpoint["signature"]), statement=statement)
    lines = dict(line.split(": ", 1) for line in checkpoint["statement"].splitlines()[1:])
    expect(answer.returncode == 0, f"the signature of checkpoint {lines['number']} does not fit")
    return int(lines["number"]), bytes.fromhex(lines["chain"]), lines["made-at"], fingerprint


def verify_piece(piece, checkpoints):
    number, chain = (0, bytes(32)) if piece["after"] is None else checkpoints[piece["after"]][:2]
    leaves = {}
    for next_number, sealed_at, record_id, record_no, kind, leaf in piece["links"]:
        expect(next_number == number + 1, f"number {number + 1} is missing in the chain")
        numbers = b"".join(value.to_bytes(8, "big") for value in (next_number, sealed_at, record_id, record_no))
        chain = hashlib.sha256(chain + numbers + text(kind) + bytes.fromhex(leaf)).digest()
        number, leaves[next_number] = next_number, (kind, record_id, record_no, bytes.fromhex(leaf))
    last, expected = checkpoints[piece["upTo"]][:2]
    expect((number, chain) == (last, expected), f"the chain does not lead to checkpoint {last}")
    return leaves


def verify_record(bundle, record, leaves):
    number = record["number"]
    expect(number in leaves, f"number {number} stands in no piece of the chain")
    kind, record_id, record_no, leaf = leaves[number]
    expect((kind, record_id, record_no) == (record["kind"], record["recordId"], record["recordNo"]), f"number {number} is another record")
    expect(leaf_of(bundle, record) == leaf, f"number {number} ({kind} {record_id}) is not what was sealed")
    values = {name: value_of(bundle, value) if isinstance(value, dict) else value for name, value in record["values"]}
    for name, value in values.items():
        if isinstance(value, bytes) and name + "_sha256" in values:
            expect(hashlib.sha256(value).digest() == values[name + "_sha256"], f"number {number}: {name} has not its SHA-256")
    return values


def der_of(signature):
    """r || s of SM2 as openssl wants it."""
    def integer(content):
        content = content.lstrip(b"\0") or b"\0"
        content = b"\0" + content if content[0] & 0x80 else content
        return b"\x02" + bytes([len(content)]) + content
    both = integer(signature[:32]) + integer(signature[32:])
    return b"\x30" + bytes([len(both)]) + both


def verify_signature(number, envelope):
    """Of what was sent to customs, with the certificate of the merchant."""
    key = openssl("x509", "-inform", "DER", "-in", "{certificate}", "-noout", "-pubkey", certificate=envelope["certificate"]).stdout
    signature = base64.b64decode(envelope["sign_value"])
    if envelope["scheme"].startswith("SM2"):
        answer = openssl("pkeyutl", "-verify", "-pubin", "-inkey", "{key}", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678",
                         "-sigfile", "{signature}", "-in", "{signed}", key=key, signature=der_of(signature), signed=envelope["sign_text"])
    else:
        answer = openssl("dgst", "-sha1", "-verify", "{key}", "-signature", "{signature}", "{signed}", key=key, signature=signature, signed=envelope["sign_text"])
    expect(answer.returncode == 0, f"number {number}: the signature does not belong to the sign text")
    payload = json.loads(envelope["payload"])
    expect((payload["signValue"], payload["certNo"]) == (envelope["sign_value"], envelope["cert_no"]), f"number {number}: the payload carries another signature")
    for part in ("payExchangeInfoHead", "payExchangeInfoLists"):
        # The sign text and the payload hold the same characters: "name":"<characters>" and "name":<characters>.
        signed = envelope["sign_text"].split(f'"{part}":"'.encode(), 1)[1].split(b'"||"', 1)[0]
        expect(f'"{part}":'.encode() + signed in envelope["payload"], f"number {number}: {part} was signed in other characters than it was sent in")


def main(arguments):
    key = None
    if "--key" in arguments:
        at = arguments.index("--key")
        key = arguments[at + 1].lower().replace(":", "").split(",")
        del arguments[at:at + 2]
    bundle = Bundle(arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__)))
    content = bundle.content
    expect(content["format"] == "Erp.Customs evidence 1", "this is no bundle that this script knows")
    checkpoints = [verify_checkpoint(checkpoint, key) for checkpoint in content["checkpoints"]]
    leaves = {}
    for piece in content["pieces"]:
        leaves.update(verify_piece(piece, checkpoints))
    for record in content["records"]:
        values = verify_record(bundle, record, leaves)
        if record["kind"] == "envelope":
            verify_signature(record["number"], values)
    expect(content["records"], "the bundle holds no record")
    print(f"OK: order {content['orderNo']} of {content['merchant']}: {len(content['records'])} records are what was sealed, up to {max(made for _, _, made, _ in checkpoints)}.")
    for fingerprint in sorted({fingerprint for _, _, _, fingerprint in checkpoints}):
        print(f"Key of the archive (SHA-256): {fingerprint}" + ("" if key else " - compare it with the one that you were told; then run again with --key"))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Wrong, KeyError, IndexError, ValueError, OSError) as problem:
        print(f"NOT as it was sealed: {problem}" if isinstance(problem, Wrong) else f"NOT verified: {type(problem).__name__}: {problem}")
        sys.exit(1)
