"""WebShop (arXiv 2207.01206) in text: find a product that fits an instruction, choose its options, buy it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from importlib.util import find_spec

from recode_core.environments.environment import Restoration, Task, TaskTraits
from recode_core.environments.webshop.files import data_files
from recode_core.environments.webshop.guide import GUIDE
from recode_core.environments.webshop.layout import had_no_effect, laid_out
from recode_core.environments.webshop.shop import Shop, open_shop
from recode_core.environments.webshop.task_id import KINDS, SPLITS, ShoppingTaskId, parse, traits_of
from recode_core.environments.webshop.world import WebShopWorld
from recode_core.errors import EnvironmentUnavailable, UnknownTask
from recode_core.extras import install_command
from recode_core.policies.policy import Policy
from recode_core.statements import EDITION

_PACKAGES = {"bm25s": "bm25s", "Stemmer": "PyStemmer", "rapidfuzz": "rapidfuzz"}


class WebShop:
    """A shop on WebShop's data. Worlds are deterministic and have snapshots."""

    name = "webshop"
    restoration: Restoration = "snapshot"
    guide = GUIDE
    laid_out = staticmethod(laid_out)
    had_no_effect = staticmethod(had_no_effect)

    def missing(self) -> str:
        try:
            _check_packages()
            data_files()
        except EnvironmentUnavailable as error:
            return str(error)
        return ""

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        if split is not None and split not in SPLITS:
            raise UnknownTask(f"webshop has no split {split!r}, only {', '.join(SPLITS)}")
        shop = _shop()
        for kind, name in itertools.product(KINDS, SPLITS if split is None else (split,)):
            goals = shop.goals(kind)
            for number in range(len(goals))[slice(*SPLITS[name])]:
                yield _task(ShoppingTaskId(kind, number), shop)

    def find_task(self, entry: str | int | list[object]) -> Task:
        """The task of an id, or of the number of a human goal, as in published lists. Raises UnknownTask."""
        if isinstance(entry, list):
            raise UnknownTask(
                'an entry is an id, such as "human:7", or the number of a human goal, such as 7'
            )
        return _task(parse(entry if isinstance(entry, str) else f"human:{entry}"), _shop())

    def task_traits(self, task_id: str) -> TaskTraits:
        return traits_of(task_id)

    def open(self, task_id: str) -> WebShopWorld:
        return self.open_edition(task_id, EDITION)

    def open_edition(self, task_id: str, edition: int) -> WebShopWorld:
        task, shop = parse(task_id), _shop()
        return WebShopWorld(shop, shop.goal(task), task.has_attributes, edition)

    def expert(self, task_id: str) -> Policy:
        from recode_core.environments.webshop.expert import WebShopExpert

        task, shop = parse(task_id), _shop()
        return WebShopExpert(shop, shop.goal(task))


def _shop() -> Shop:
    _check_packages()
    return open_shop(data_files())


def _task(task: ShoppingTaskId, shop: Shop) -> Task:
    goal, split = shop.goal(task), traits_of(str(task)).split
    category = shop.catalogue[goal.asin].category
    return Task(str(task), goal.instruction, split, category, f"WebShop {split}")


def _check_packages() -> None:
    lacking = [package for module, package in _PACKAGES.items() if find_spec(module) is None]
    if lacking:
        raise EnvironmentUnavailable(
            f"webshop needs {', '.join(lacking)}, which is not installed: {install_command('webshop')}"
        )
