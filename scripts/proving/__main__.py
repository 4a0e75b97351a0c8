"""`scripts/cascade COMMAND`: see each command's --help, and src/docs/train.md."""

import argparse
import importlib
import sys

from .mistake import Mistake

COMMANDS = {
    "log": "run queries and write what was served: ranks, scores and features",
    "train": "a LambdaMART or linear model of what was logged, or one that exists, into Solr",
    "clicks": "click events into judgements",
    "evaluate": "rankings compared on judgements, with intervals",
    "recommend": "what each stage and depth is worth in its milliseconds, and which to take",
    "rollout": "judge an interleaved contest; promote and roll back models",
    "whynot": "why a document does not come up",
}


def main():
    parser = argparse.ArgumentParser(prog="scripts/cascade", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, summary in COMMANDS.items():
        module = importlib.import_module("." + name, __package__)
        command = commands.add_parser(
            name,
            help=summary,
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.arguments(command)
        command.set_defaults(main=module.main)
    options = parser.parse_args()
    try:
        options.main(options)
    except Mistake as mistake:
        sys.exit(f"scripts/cascade {options.command}: {mistake}")


if __name__ == "__main__":
    main()
