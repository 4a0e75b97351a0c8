"""`scripts/train COMMAND`: see each command's --help, and src/docs/train-models.md."""

import argparse
import importlib

COMMANDS = {
    "distil": "a student of a cross-encoder: a smaller cross-encoder, or a bi-encoder",
    "finetune": "a domain model, from judged or clicked pairs",
    "export": "a trained model as an int8 ONNX folder that the plugin loads",
    "compare": "bi-encoders with their start: NDCG@10 fused with BM25, recall@100, p",
    "project": "a shorter form of a late-interaction encoder's token vectors",
    "late": "a late-interaction encoder and the forms of its vectors: NDCG@10, bytes a document",
    "measure": "NDCG@10 of first pass, bi-encoder and cross-encoders, fused, on judged sets",
}


def main():
    parser = argparse.ArgumentParser(prog="scripts/train", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, summary in COMMANDS.items():
        module = importlib.import_module("." + name, __package__)
        command = commands.add_parser(name, help=summary, description=module.__doc__)
        module.arguments(command)
        command.set_defaults(main=module.main)
    options = parser.parse_args()
    options.main(options)


if __name__ == "__main__":
    main()
