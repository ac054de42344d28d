# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the window shows only when it is asked to: the pages of the side panel, settings, keys, links.

It is imported and made after the first paint: the start does not wait for what nobody sees yet.
"""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from assistant.app import Assistant
from assistant.conversations import StoredMessage
from assistant.documents.collection import DEFAULT_COLLECTION
from assistant.documents.protocol import EXTENSIONS
from assistant.engine.client import EMBEDDING_ENGINE
from assistant.messages import FinishReason
from assistant.passages import Citation, Passage, Passages
from assistant.texts import tr
from assistant.workers.state import Phase, WorkerState
from ui.answering import Answering
from ui.disk_errands import DiskErrands
from ui.disk_settings import DiskSettings
from ui.documents_panel import DocumentsPanel
from ui.happenings import Happenings
from ui.hidden_values import HiddenValues
from ui.keys_view import KeyLine, KeysView
from ui.library_errands import Adding
from ui.link_question import LinkQuestion
from ui.model_page import ModelPage
from ui.models_panel import ModelsPanel
from ui.page_view import PageView
from ui.personal import PersonalErrands
from ui.privacy_settings import PrivacySettings
from ui.prompt_view import PromptView
from ui.sampling_panel import SamplingPanel
from ui.search_page import SearchPage
from ui.search_panel import SearchPanel
from ui.settings_dialog import SettingsDialog
from ui.shortcuts import FIELD_KEYS, KEYS, make_shortcuts
from ui.sources_panel import SourcesPanel
from ui.turns import Turn
from ui.window_parts import WindowParts


class OnDemand(QObject):
    """Adds its pages to the frame and joins them with the conversation and the errands."""

    reopen_wanted = Signal()  # close the home and open it again: another state of the data was chosen
    conversation_gone = Signal(int)  # deleted for good
    conversations_came = Signal()

    def __init__(self, assistant: Assistant, parts: WindowParts, window: QWidget) -> None:
        super().__init__(window)
        library = assistant.library
        self._assistant, self._frame, self._window = assistant, parts.frame, window
        self._preferences = parts.preferences
        self.sources = SourcesPanel(library.changed)
        self.page = PageView(library.render, library.kept_places, changed=library.changed)
        self.prompt, self.hidden = PromptView(), HiddenValues()
        self.documents = DocumentsPanel(EXTENSIONS)
        self.search = SearchPanel()
        self.models = ModelsPanel()
        self.sampling = SamplingPanel(self._preferences.sampling, self._preferences.preset)
        self._add_pages()
        self._join_conversation(parts.answering)
        self._join_documents(parts.adding, parts.happenings)
        self._join_search(parts)
        self._join_models(parts)
        self._join_dialogs()
        self._join_personal(parts.answering)
        self._join_kept(parts)

    def _add_pages(self) -> None:
        add = self._frame.side.add_page
        add("sources", tr("Sources"), self.sources)
        add("page", tr("Source"), self.page)
        add("prompt", tr("What the model saw"), self.prompt)
        add("hidden", tr("Hidden from the model"), self.hidden)
        add("documents", tr("Documents"), self.documents)
        add("search", tr("Search your documents"), self.search)
        add("models", tr("Model"), self.models)
        add("sampling", tr("How the model writes"), self.sampling)
        self._frame.side.show_page("sources")

    def _join_conversation(self, answering: Answering) -> None:
        chat = self._frame.chat
        chat.citation_activated.connect(lambda citation: self._show_passage(citation.passage, citation))
        chat.passage_activated.connect(self._show_passage)
        chat.prompt_wanted.connect(self._show_prompt)
        self.sources.passage_activated.connect(self._show_passage)
        self.page.closed.connect(lambda: self._frame.open_side("sources"))
        answering.conversation_opened.connect(self._clear)
        answering.sources_found.connect(self.sources.show_sources)
        answering.answered.connect(self._show_answered)

    def _join_documents(self, adding: Adding, happenings: Happenings) -> None:
        documents, bar = self.documents, self.documents.bar
        documents.add_requested.connect(lambda paths: adding.add(paths, bar.shown or DEFAULT_COLLECTION))
        documents.remove_requested.connect(lambda path: adding.remove(path, bar.shown or None))
        documents.retry_requested.connect(adding.retry)
        documents.unlock_requested.connect(adding.unlock)
        documents.pause_requested.connect(adding.pause)
        documents.cancel_requested.connect(adding.cancel)
        documents.document_activated.connect(self._show_document)
        documents.collection_delete_requested.connect(adding.delete_collection)
        bar.created.connect(adding.create_collection)
        bar.renamed.connect(adding.rename_collection)
        bar.folder_dropped.connect(adding.unwatch)
        documents.watched.unwanted.connect(adding.let_be)
        documents.whole_wanted.connect(self._read_whole)
        adding.watched.connect(documents.watched.show_folders)
        adding.began.connect(lambda: self._frame.open_side("documents"))
        adding.state_changed.connect(documents.show_state)
        adding.file_finished.connect(documents.show_result)
        adding.ended.connect(documents.indexing_finished)
        adding.collections_listed.connect(bar.show_collections)
        happenings.worker_changed.connect(self._show_pause)
        self._frame.composer.add_wanted.connect(documents.choose_files)
        self._frame.welcome.add_documents_requested.connect(documents.choose_files)

    def _join_search(self, parts: WindowParts) -> None:
        options, composer = self._preferences.options, self._frame.composer
        self.search_page = SearchPage(
            self._assistant,
            self.search,
            parts.answering,
            parts.adding,
            lambda: options(
                documents=composer.searches_documents, collections=composer.searched.choice or None
            ),
        )
        self.search_page.passage_activated.connect(self._show_passage)
        self.search_page.listed.connect(self.documents.show_documents)
        self.documents.search_wanted.connect(self._open_search)
        self.documents.why_wanted.connect(self._ask_why)
        make_shortcuts(self._window, {"look": self._open_search})

    def _join_models(self, parts: WindowParts) -> None:
        self.model_page = ModelPage(self._assistant, self.models, parts)
        self.sampling.sampling_changed.connect(self._preferences.choose_sampling)
        self._preferences.sampling_changed.connect(self.sampling.set_sampling)

    def _join_dialogs(self) -> None:
        self._frame.list.settings_wanted.connect(self._open_settings)
        self._frame.chat.link_activated.connect(lambda address: LinkQuestion(address, self._window).open())
        make_shortcuts(self._window, {"settings": self._open_settings, "keys": self._show_keys})

    def _join_personal(self, answering: Answering) -> None:
        personal = self.personal = PersonalErrands(self._assistant, self)
        composer, header = self._frame.composer, self._frame.header
        personal.listed.connect(self.hidden.show_values)
        personal.listed.connect(self.prompt.show_values)
        personal.listed.connect(lambda hidden: header.show_hidden(len(hidden)))
        personal.allowed.connect(composer.say_allowed)
        personal.failed.connect(self._frame.note.show_error)
        composer.strip.not_personal.connect(personal.allow)
        composer.strip.personal_after_all.connect(personal.disallow)
        answering.conversation_opened.connect(personal.refresh)
        answering.busy_changed.connect(lambda busy: None if busy else personal.refresh_again())
        header.hidden_wanted.connect(lambda: self._frame.open_side("hidden"))
        make_shortcuts(self._window, {"hidden": composer.strip.open_list})

    def _join_kept(self, parts: WindowParts) -> None:
        kept = self.kept = DiskErrands(self._assistant, self._frame, self.documents, self._window)
        parts.answering.answered.connect(lambda _stored: kept.offer_code())
        kept.conversation_gone.connect(self.conversation_gone)
        kept.documents_changed.connect(parts.adding.refresh)

    # --- showing

    def _clear(self, _conversation_id: int) -> None:
        self.sources.clear()
        self.prompt.clear()

    def _show_answered(self, stored: StoredMessage) -> None:
        receipt = stored.receipt
        if receipt is not None and receipt.passages:
            supported = stored.finish_reason is not FinishReason.REFUSED
            self.sources.show_sources(Passages(receipt.passages, supported), receipt.citations)

    def _show_passage(self, passage: Passage, citation: Citation | None = None) -> None:
        self._frame.open_side("page")
        self.page.show_passage(passage, citation)

    def _show_document(self, path: Path) -> None:
        self._frame.open_side("page")
        self.page.show_document(path)

    def _open_search(self) -> None:
        self._frame.open_side("search")
        self.search.field.setFocus()
        self.search.field.selectAll()

    def _ask_why(self, path: Path) -> None:
        self._open_search()
        self.search_page.ask_about(path)

    def _read_whole(self, path: Path) -> None:
        self._frame.composer.searched.read_whole((path,))
        self._frame.composer.field.setFocus()

    def _show_prompt(self, turn: Turn) -> None:
        if turn.receipt is not None:
            self.prompt.show_prompt(turn.receipt.prompt_as_seen, turn.receipt.masked)
            self._frame.open_side("prompt")

    def _show_pause(self, state: WorkerState) -> None:
        if state.name == EMBEDDING_ENGINE:
            self.documents.show_paused(state.phase is Phase.PAUSED)

    def _open_settings(self) -> None:
        privacy = PrivacySettings(self._assistant, self._preferences, self.personal)
        data = DiskSettings(self._assistant)
        pages = [(tr("Personal data"), privacy.page), (tr("Your data"), data.page)]
        dialog = SettingsDialog(self._preferences.settings, self._window, self._assistant.home.root, pages)
        privacy.setParent(dialog)
        data.setParent(self)  # what it has begun may take longer than the settings are open
        data.told.connect(self._frame.note.show_notice)
        data.reopen_wanted.connect(self.reopen_wanted)
        data.imported.connect(self.conversations_came)
        data.code_wanted.connect(self.kept.show_code)
        self.kept.code_confirmed.connect(data.refresh)
        privacy.changed.connect(dialog.show_settings)
        privacy.changed.connect(lambda _settings: self._frame.composer.look_again())
        dialog.settings_changed.connect(self._preferences.take)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def _show_keys(self) -> None:
        lines = [KeyLine(keys[0], str(what)) for keys, what in KEYS.values()]
        lines += [KeyLine(keys, str(what)) for keys, what in FIELD_KEYS]
        sheet = KeysView(lines, self._window)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.show()
