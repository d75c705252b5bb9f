"""What the account owns, in a file: it is there again when the desk opens the next time."""

from pathlib import Path

from pydantic import ValidationError

from offhook.emulator.call.resources import Path as Place
from offhook.emulator.call.resources import Resource, Resources
from offhook.emulator.service.account import Account
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.records import Holdings


def load(file: Path) -> Holdings | None:
    """What the file holds; `None` where there is none yet. Raises `ConfigError`."""
    try:
        return Holdings.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        says = f"{'.'.join(map(str, first['loc']))}: {first['msg']}".removeprefix(": ")
        raise ConfigError(
            f"{file} is not a state that this version wrote: {says}. Move it away to begin anew"
        ) from None
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from None


def save(file: Path, holdings: Holdings) -> None:
    """Write the file: it is the old one or the new one, never half of it."""
    beside = file.with_name(f".{file.name}.new")
    file.parent.mkdir(parents=True, exist_ok=True)
    beside.write_text(holdings.model_dump_json(indent=2, exclude_none=True), encoding="utf-8")
    beside.replace(file)


SHORT_LIVED = ("meetings",)
"""What nobody looks for when the desk opens the next time."""


def kept(account: Account) -> Resources:
    """What is only kept: it is among the holdings of an account from now on."""
    resources, holdings = Resources(), account.holdings.kept
    for path, resource in holdings.items():
        resources.put(tuple(path.split("/")), resource)

    def keep(path: Place, resource: Resource | None) -> None:
        if path[0] in SHORT_LIVED:
            return
        if resource is None:
            holdings.pop("/".join(path), None)
        else:
            holdings["/".join(path)] = dict(resource)
        account.changed()

    resources.watchers.append(keep)
    return resources
