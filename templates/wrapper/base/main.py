"""What the kit runs: uv run main.py, with CONFIG_FILE and BINDING_ADDRESS in the environment."""

from home.__main__ import main

if __name__ == "__main__":
    main()
