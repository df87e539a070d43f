"""``python -m pgi_analysis`` is the ``pgi`` command."""

from pgi_analysis.cli import main

if __name__ == "__main__":
    main()
