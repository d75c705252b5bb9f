"""The functions of a desk by name, each reached once and kept warm, faults in front of them."""

from offhook.emulator.function import Function, Limits, reach
from offhook.emulator.function.delivery import Delivery
from offhook.emulator.function.faulty import Fault, Faulty


class Functions:
    """Made when they are first needed; all of them end with `close`."""

    def __init__(self, limits: Limits, only: Function | None = None, *, cold: bool = False) -> None:
        """`only` is the function behind every name; whoever made it closes it. With `cold`,
        nothing is kept warm."""
        self._cold = cold
        self._limits = limits
        self.only = only
        """The function behind every name, where there is just one."""
        self._deliveries: dict[str, Delivery] = {}
        self.faults: list[Fault] = []
        """What is wrong with them on purpose: the first is in force."""

    def delivery(self, name: str) -> Delivery:
        """The way to a function. Raises `FunctionNotFound`."""
        name = "" if self.only is not None else name
        if self._cold and name in self._deliveries:
            self._deliveries.pop(name).function.close()
        if name not in self._deliveries:
            function = self.only or reach(name, self._limits, cold=self._cold)
            self._deliveries[name] = Delivery(Faulty(function, self.faults))
        return self._deliveries[name]

    def close(self) -> None:
        """Call back what is under way, and end every process."""
        for delivery in self._deliveries.values():
            delivery.cancel()
            if self.only is None:
                delivery.function.close()
