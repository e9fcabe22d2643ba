"""Put figures on the screen."""

from __future__ import annotations

from skerry.io.notice import notice


def show() -> None:
    """Show all open figures, as `matplotlib.pyplot.show` does.

    Warns
    -----
    UserWarning
        If matplotlib's backend draws to files only, so that nothing can appear.
    """
    import matplotlib as mpl

    backend = mpl.get_backend().lower()
    if backend != "agg":
        from matplotlib import pyplot as plt

        plt.show()
        return
    notice(
        f"You are using the '{backend}' matplotlib backend, which is non-interactive: show() "
        "puts nothing on the screen. Save the figure with its savefig(), or install an "
        "interactive backend, for example with: pip install PyQt6",
        UserWarning,
    )
