# Reads a pcapng file from standard input; prints one JSON object for each frame in which scapy finds PPTP or GRE: its number, the
# names of the layers, and every field of the first such layer with its place (bits from the layer's first) and value.
import json
import sys

sys.dont_write_bytecode = True

from scapy import VERSION
from scapy.config import conf
from scapy.fields import BitField, ConditionalField
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import GRE, GRE_PPTP, Ether
from scapy.layers.pptp import PPTP
from scapy.utils import RawPcapNgReader

# What is inside a tunnel is no business of ours.
conf.debug_dissector = False


def describe(layer):
    fields, bit = [], 0
    for field in layer.fields_desc:
        if isinstance(field, ConditionalField) and not field._evalcond(layer):
            continue
        value = layer.getfieldval(field.name)
        own = field.fld if isinstance(field, ConditionalField) else field
        bits = own.size if type(own) is BitField else int(own.sz * 8)
        if isinstance(value, bytes):
            bits = 8 * len(value)
            value = value.hex()
        else:
            value = str(int(value)) if value is not None else ""
        fields.append([own.name, bit, bits, value])
        bit += bits
    return fields


print(json.dumps({"scapy": VERSION}))
reader = RawPcapNgReader(sys.stdin.buffer)
number = 0
for octets, _ in reader:
    number += 1
    protocol = octets[23]
    if protocol == 6:
        packet = Ether(octets)
        layer = packet.getlayer(PPTP, _subclass=True)
    elif protocol == 47:
        start = 14 + 4 * (octets[14] & 15)
        end = 14 + int.from_bytes(octets[16:18], "big")
        layer = GRE(octets[start:end])
    else:
        layer = None
    if layer is not None:
        print(json.dumps({"frame": number, "layer": layer.__class__.__name__, "fields": describe(layer)}))
