from consortia.models.answer import Answer, MembershipAnswer
from consortia.models.attestation import Attestation, AttestedList
from consortia.models.compliance import ComplianceStep, ComplianceStepKind
from consortia.models.consortium import Consortium, ConsortiumParticulars, Post
from consortia.models.contact import Origin, PracticeContact
from consortia.models.error_report import ErrorReport
from consortia.models.identifier import ConsortiumIdentifier
from consortia.models.left_out import LeftOut, SaidBy
from consortia.models.membership import Belonging, Membership, MembershipReason, MembershipStatus, Proof
from consortia.models.notice import Notice
from consortia.models.request import AddressFlag, Channel, ConfirmationRequest, own_consortia
from consortia.models.settlement import Settlement, SettlementOutcome
from consortia.models.succession import ConsortiumSuccession, SuccessionKind, succession_constraints
from consortia.models.transfer import TransferRequest
from consortia.models.upload import MembershipUpload
from consortia.models.word import MembershipWord, WordKind
from consortia.models.work_item import WorkItem, WorkKind

__all__ = [
    "AddressFlag",
    "Answer",
    "Attestation",
    "AttestedList",
    "Belonging",
    "Channel",
    "ComplianceStep",
    "ComplianceStepKind",
    "ConfirmationRequest",
    "Consortium",
    "ConsortiumIdentifier",
    "ConsortiumParticulars",
    "ConsortiumSuccession",
    "ErrorReport",
    "LeftOut",
    "Membership",
    "MembershipAnswer",
    "MembershipReason",
    "MembershipStatus",
    "MembershipUpload",
    "MembershipWord",
    "Notice",
    "Origin",
    "Post",
    "PracticeContact",
    "Proof",
    "SaidBy",
    "Settlement",
    "SettlementOutcome",
    "SuccessionKind",
    "TransferRequest",
    "WordKind",
    "WorkItem",
    "WorkKind",
    "own_consortia",
    "succession_constraints",
]
