# Writes src/wire/constraints/<service>.json: the lengths, ranges, patterns and enums of AWS's public service models,
# which the SDK's runtime schemas lack. Run with botocore installed: python scripts/generate-constraints.py
#
# The models are Apache-2.0, see NOTICE. Form: `shapes` holds each constrained shape by name; `members` says which
# member of which structure has it.
import json
import os

import botocore
import botocore.loaders

SERVICES = {"glue": "glue", "iam": "iam", "sts": "sts", "logs": "logs"}
FOLDER = os.path.join(os.path.dirname(__file__), "..", "src", "wire", "constraints")


def constraint_of(name, shape, shapes, kept):
    entry = {k: shape[k] for k in ("min", "max", "pattern", "enum") if k in shape}
    if shape["type"] in ("integer", "long"):
        entry["integer"] = True
    if shape["type"] == "list":
        item = keep(shape["member"]["shape"], shapes, kept)
        if item:
            entry["item"] = item
    if shape["type"] == "map":
        for side in ("key", "value"):
            part = keep(shape[side]["shape"], shapes, kept)
            if part:
                entry[side] = part
    return entry


def keep(name, shapes, kept):
    shape = shapes[name]
    if shape["type"] == "structure":
        return None
    if name not in kept:
        kept[name] = None
        kept[name] = constraint_of(name, shape, shapes, kept)
    return name if kept[name] else None


def inputs_of(model):
    shapes, seen, waiting = model["shapes"], set(), []
    for operation in model["operations"].values():
        if "input" in operation:
            waiting.append(operation["input"]["shape"])
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        shape = shapes[name]
        for member in shape.get("members", {}).values():
            waiting.append(member["shape"])
        for part in ("member", "key", "value"):
            if part in shape:
                waiting.append(shape[part]["shape"])
    return seen


def main():
    loader = botocore.loaders.create_loader()
    for service, file_name in SERVICES.items():
        model = loader.load_service_model(service, "service-2")
        kept, members = {}, {}
        for name in sorted(inputs_of(model)):
            shape = model["shapes"][name]
            if shape["type"] != "structure":
                continue
            named = {}
            for member, ref in shape["members"].items():
                constraint = keep(ref["shape"], model["shapes"], kept)
                if constraint:
                    named[member] = constraint
            if named:
                members[name] = named
        document = {
            "source": f"botocore {botocore.__version__} {service} {model['metadata']['apiVersion']}",
            "shapes": {name: entry for name, entry in sorted(kept.items()) if entry},
            "members": members,
        }
        with open(os.path.join(FOLDER, f"{file_name}.json"), "w") as file:
            json.dump(document, file, separators=(",", ":"), sort_keys=False)
            file.write("\n")


main()
