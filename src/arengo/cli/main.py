# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands of `arengo`."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import click

from arengo.config import environment, process
from arengo.core import logs

from . import running
from .words import Count, _, check_environment, say, warn

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(
    help=_("Arengo: lo sportello, la lista e il canale del Comune."),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.pass_context
def arengo(context: click.Context) -> None:
    # The doctor tells what is wrong as one of its findings; help is given whatever is wrong.
    if context.invoked_subcommand != "doctor" and not {"-h", "--help"}.intersection(sys.argv[1:]):
        check_environment()
        warn()


@arengo.command(help=_("Avvia tutto: banca dati, sito, lavori. Ctrl-C per fermare."))
def up() -> None:
    running.up()


@arengo.command(help=_("Avvia una dimostrazione con un Comune e telefoni di prova. Ctrl-C per fermare."))
def demo() -> None:
    running.demo()


@arengo.command(help=_("Avvia soltanto il sito e la console."))
@click.option("--processes", type=Count(1, 64), help=_("Quanti processi."))
def web(processes: int | None) -> None:
    running.sheltered()
    running.alone_or_replaced(running.web(processes))


@arengo.command(help=_("Avvia soltanto un processo per invii, ricezione e lavori."))
def worker() -> None:
    running.alone_or_replaced(running.worker())


@arengo.command(help=_("Avvia soltanto i telefoni e il WhatsApp di prova."))
def sandbox() -> None:
    from .folder import open_folder

    program = running.sandbox(open_folder())
    os.environ["SANDBOX_PORT"] = str(running.port("SANDBOX_PORT"))
    os.execv(program.command[0], program.command)  # noqa: S606 - it takes our place


@arengo.command(help=_("Porta la banca dati alla versione di questo programma."))
def migrate() -> None:
    from .prepared import migrate as bring_up_to_date, prepared

    with prepared():
        bring_up_to_date()


@arengo.command(help=_("Crea un ente e il suo primo amministratore."))
@click.option("--name", prompt=_("Nome dell'ente"), help=_("Per esempio «Comune di Esempio»."))
@click.option("--slug", help=_("Nome breve, per esempio «esempio»."))
@click.option("--host", "hosts", multiple=True, help=_("Nome host dell'ente; si può ripetere."))
@click.option("--email", prompt=_("E-mail dell'amministratore"), help=_("Con cui si accede alla console."))
@click.option("--administrator", prompt=_("Nome e cognome dell'amministratore"))
def create_organization(
    name: str, slug: str | None, hosts: tuple[str, ...], email: str, administrator: str
) -> None:
    from .organizations import NewOrganization, create
    from .prepared import migrate as bring_up_to_date, prepared

    short = slug or re.sub(r"[^a-z0-9]+", "-", name.lower().removeprefix("comune di ")).strip("-")
    with prepared():
        bring_up_to_date()
        password = create(NewOrganization(name, short, hosts, email, administrator))
    say(_("L'ente «%(name)s» è pronto.") % {"name": name})
    if password is None:
        say(_("%(email)s entra con la password che ha già.") % {"email": email})
    else:
        words = _("Primo accesso: %(email)s, password %(password)s (cambiarla subito nella console).")
        say(words % {"email": email, "password": password})


@arengo.command(
    help=_("Dà una password nuova a chi ha perso ogni accesso, e toglie i suoi secondi passaggi.")
)
@click.option("--organization", "slug", prompt=_("Nome breve dell'ente"), help=_("Per esempio «esempio»."))
@click.option("--email", prompt=_("E-mail della persona"), help=_("Con cui si accede alla console."))
def reset_access(slug: str, email: str) -> None:
    from .organizations import reset_access as reset
    from .prepared import prepared

    with prepared():
        password = reset(email, slug)
    words = _("Nuovo accesso: %(email)s, password %(password)s (cambiarla subito nella console).")
    say(words % {"email": email, "password": password})


@arengo.command(
    help=_("Cancella il nome di chi non lavora più qui: ciò che ha fatto resta nel registro, senza nome.")
)
@click.argument("email")
@click.option("--yes", is_flag=True, help=_("Non chiedere conferma."))
def erase_person(email: str, yes: bool) -> None:
    from .prepared import prepared
    from .staff import erase

    words = _("Cancellare per sempre nome, indirizzo e accesso di %(email)s?") % {"email": email}
    if not yes:
        click.confirm(words, abort=True)
    with prepared():
        erase(email)
    say(_("Fatto. Dai file della banca dati sparisce con il lavoro della notte."))


@arengo.command(help=_("Scrive in FILE la banca dati e gli allegati (non le chiavi di cifratura)."))
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    from . import archive
    from .prepared import prepared

    with prepared() as data:
        archive.backup(data, file)
    say(_("Backup scritto in %(file)s.") % {"file": file})
    say(_("Le chiavi non vi sono comprese: senza ARENGO_VAULT_KEYS non si può leggere. Conservarle altrove."))
    if (data / "keys.env").is_file() and not environment.is_production():
        say(_("Le chiavi di questa cartella sono in %(file)s.") % {"file": data / "keys.env"})


@arengo.command(help=_("Sostituisce banca dati e allegati con quelli di FILE. Arengo deve essere fermo."))
@click.argument("file", type=_FILE)
@click.option("--yes", is_flag=True, help=_("Non chiedere conferma."))
def restore(file: Path, yes: bool) -> None:
    from . import archive
    from .prepared import prepared

    def confirm(created_at: str) -> bool:
        words = _("Sostituire tutti i dati di Arengo con quelli del %(date)s?") % {"date": created_at}
        return yes or click.confirm(words)

    with prepared() as data:
        withheld = archive.restore(data, file, confirm)
    say(_("Dati ripristinati da %(file)s.") % {"file": file})
    if withheld:
        words = _(
            "Messaggi in coda a quel momento: %(count)d. Non partono da soli, perché forse sono già partiti dopo il backup: "
            "un amministratore decide nella console: Impostazioni → Dopo un ripristino."
        )
        say(words % {"count": withheld})
    else:
        say(_("A quel momento non c'era nulla in coda."))


@arengo.command(
    help=_(
        "Cifra di nuovo ciò che è cifrato con chiavi vecchie, mentre Arengo lavora; poi si possono togliere."
    )
)
@click.option(
    "--new-key", is_flag=True, help=_("Mette prima una chiave nuova davanti alle altre in keys.env.")
)
@click.option(
    "--lookups",
    is_flag=True,
    help=_("Cambia anche le impronte con cui i numeri vengono ritrovati; Arengo deve essere fermo."),
)
def reseal(new_key: bool, lookups: bool) -> None:
    from . import reseal as command

    sys.exit(command.reseal(new_key=new_key, lookups=lookups))


@arengo.command(help=_("Controlla tutto ciò che serve ad Arengo e dice come rimediare."))
@click.option("--new-vault-key", is_flag=True, help=_("Stampa una nuova chiave di cifratura e basta."))
def doctor(new_vault_key: bool) -> None:
    if new_vault_key:
        import time

        from arengo.core.vault import new_key

        say(new_key(f"k{int(time.time())}"))
        return
    from .doctor import examine

    sys.exit(examine())


@arengo.command(help=_("Dice che cosa sta facendo Arengo adesso; esce con 1 se serve una persona."))
@click.option("--json", "as_json", is_flag=True, help=_("Per un programma invece che per una persona."))
def status(as_json: bool) -> None:
    from .status import report

    sys.exit(report(as_json=as_json))


@arengo.command(hidden=True)
def sample() -> None:
    """The sample Comune, made or completed; the web and the sandbox must be running."""
    from .prepared import prepared

    with prepared():
        from .sample import make  # its imports need the settings

        make()


def main() -> None:
    """The entry point. Whatever is wrong is one line, and an exit code that is not 0."""
    process.keep_files_private()
    logs.install_hooks()
    try:
        arengo.main(standalone_mode=False)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
