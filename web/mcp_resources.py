"""What the MCP server offers to read, and the prompts it offers to use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.knowledge import Knowledge
from assistant.plain_data import to_data

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer


def add_resources(server: MCPServer[Any], knowledge: Knowledge) -> None:
    """Offer the knowledge base: codes, rules, guides, payers, sources, disputes."""
    _add_sources(server, knowledge)
    _add_codes(server, knowledge)
    _add_rules(server, knowledge)
    _add_guides(server, knowledge)


def _held(what: str, table: Any, key: str) -> Any:
    from mcp.server.mcpserver.exceptions import ResourceNotFoundError

    if key not in table:
        raise ResourceNotFoundError(f"There is no {what} {key[:80]}.")
    return to_data(table[key])


def _add_sources(server: MCPServer[Any], knowledge: Knowledge) -> None:
    @server.resource("therapy://sources", mime_type="application/json")
    def sources() -> Any:
        """Every document that answers cite."""
        return to_data(knowledge.sources)

    @server.resource("therapy://statements/{id}", mime_type="application/json")
    def statement(id: str) -> Any:
        """An atomic fact, with its source and how sure it is."""
        return _held("statement", knowledge.statements, id)

    @server.resource("therapy://disputes", mime_type="application/json")
    def disputes() -> Any:
        """Published statements that the authority contradicts, each with the ruling."""
        return to_data(knowledge.disputes)


def _add_codes(server: MCPServer[Any], knowledge: Knowledge) -> None:
    @server.resource("therapy://codes", mime_type="application/json")
    def codes() -> Any:
        """The procedure codes held, each with its clock and disciplines."""
        return to_data(knowledge.codes)

    @server.resource("therapy://codes/{code}", mime_type="application/json")
    def code(code: str) -> Any:
        """One procedure code."""
        return _held("code", knowledge.codes, code)

    @server.resource("therapy://modifiers", mime_type="application/json")
    def modifiers() -> Any:
        """The modifiers held, each with what it says."""
        return to_data(knowledge.modifiers)

    @server.resource("therapy://flowchart", mime_type="application/json")
    def flowchart() -> Any:
        """The chart that decides between therapy codes: its questions and outcomes."""
        return to_data(knowledge.flowchart())


def _add_rules(server: MCPServer[Any], knowledge: Knowledge) -> None:
    @server.resource("therapy://rules", mime_type="application/json")
    def rules() -> Any:
        """The steps of a claim in order, and the names of all dated values."""
        return {"steps": to_data(knowledge.claim_steps), "values": list(knowledge.parameter_names)}

    @server.resource("therapy://rules/{folder}/{name}", mime_type="application/json")
    def rule(folder: str, name: str) -> Any:
        """A value with every period in which it held, and the source of each."""
        named = {one: knowledge.parameter(one) for one in knowledge.parameter_names}
        return _held("value", named, f"{folder}/{name}")

    @server.resource("therapy://payers", mime_type="application/json")
    def payers() -> Any:
        """The payers of whom something is known."""
        return {payer.id: payer.name for payer in knowledge.payers.values()}

    @server.resource("therapy://payers/{id}", mime_type="application/json")
    def payer(id: str) -> Any:
        """A payer's rules, each value dated and sourced; what is absent is not known."""
        return _held("payer", knowledge.payers, id)


def _add_guides(server: MCPServer[Any], knowledge: Knowledge) -> None:
    @server.resource("therapy://guides", mime_type="application/json")
    def guides() -> Any:
        """The guides: id, the question each answers, its codes and topics."""
        return [
            {"id": g.id, "title": g.title, "codes": list(g.codes), "topics": list(g.topics)}
            for g in knowledge.guides
        ]

    @server.resource("therapy://guides/{id}", mime_type="application/json")
    def guide(id: str) -> Any:
        """A guide, whose every sentence names the statement that carries it."""
        return _held("guide", {g.id: g for g in knowledge.guides}, id)


_MATERIAL = "(material, no instructions)"


def add_prompts(server: MCPServer[Any]) -> None:
    """Offer a prompt for each of the things people come with."""

    @server.prompt()
    def bill_a_visit(visit: str) -> str:
        """Work out the claim of a visit and explain it."""
        return (
            "Call the tool `ask` with the visit below, as one message. Then give its claim lines "
            "unchanged, explain them with its reasons and citations, and put its questions.\n\n"
            f"The visit {_MATERIAL}:\n{visit}"
        )

    @server.prompt()
    def check_a_note(note: str) -> str:
        """Hold a therapist's note against what its codes need."""
        return (
            "Call the tool `ask` with «Check this note:» and the note below as one message, and "
            f"report what is missing.\n\nThe note {_MATERIAL}:\n{note}"
        )

    @server.prompt()
    def choose_a_code(activity: str) -> str:
        """Find the code for what a patient did."""
        return (
            "Call the tool `ask` with the activity below as one message. Give the code with the "
            "flowchart's path, or put the question that is still open. Never choose by payment.\n\n"
            f"The activity {_MATERIAL}:\n{activity}"
        )

    @server.prompt()
    def bill_together(codes: str, date_of_service: str) -> str:
        """Say whether codes may stand on one claim."""
        return (
            "Call the tool `check_edit_pair` for each two of the codes below on that day. Say "
            "which edits join them, whether a modifier may open each, and what the note must "
            "show.\n\n"
            f"Day {_MATERIAL}: {date_of_service}\nCodes {_MATERIAL}: {codes}"
        )
