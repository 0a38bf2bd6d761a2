"""WebShop in text, on its original data. The packages of the `webshop` extra are imported on first use."""

from __future__ import annotations

from recode_core.environments.webshop.webshop import WebShop

__all__ = ["WebShop"]
