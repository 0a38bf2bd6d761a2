"""WebShop in text, on its original data; what the `webshop` extra brings is imported when it is opened."""

from __future__ import annotations

from recode_core.environments.webshop.webshop import WebShop

__all__ = ["WebShop"]
