"""The operating system profile of a virtual machine: who logs in, and how the computer is called.

REST reference "Virtual Machines - Create Or Update", OSProfile: disallowed names, lengths, passwords. Messages as users
pasted them: terraform#6542 and redhat-developer/mapt#405 (passwords), azure-cli#582 (names), and the recorded
`Required parameter 'adminUsername' is missing (null).`
"""

from __future__ import annotations

import re

from ...arm.resource_write import ResourceWrite
from ...json_values import Json
from ...protocol.json_paths import entries_at
from ._shared import invalid, invalid_value, missing

PASSWORD = "properties.osProfile.adminPassword"
_NAMES = (
    "administrator admin user user1 test user2 test1 user3 admin1 1 123 a actuser adm admin2 aspnet backup console "
    "david "
    "guest john owner root server sql support support_388945a0 sys test2 test3 user4 user5"
)
DISALLOWED_NAMES = frozenset(_NAMES.split())
_PASSWORDS = "abc@123 P@$$w0rd P@ssw0rd P@ssword123 Pa$$word pass@word1 Password! Password1 Password22 iloveyou!"
DISALLOWED_PASSWORDS = frozenset(_PASSWORDS.split())
FORBIDDEN_IN_NAMES = "` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : ' \" , < > / ?"
FORBIDDEN_IN_WINDOWS = FORBIDDEN_IN_NAMES.replace(" :", " : .")
RULES = (
    "1) Contains an uppercase character\r\n2) Contains a lowercase character\r\n3) Contains a numeric digit\r\n"
    "4) Contains a special character\r\n5) Control characters are not allowed"
)
KEYS = "linuxConfiguration.ssh.publicKeys"
KEY_TYPES = ("ssh-rsa ", "ssh-ed25519 ")
"""Others are not supported: "Detailed steps: Create and manage SSH keys", section "Supported SSH key formats"."""


def check(change: ResourceWrite, profile: Json, system: str) -> None:
    """Refuse a profile that the image's system (`Linux`, `Windows`) cannot be set up with."""
    is_windows = system == "Windows"
    for name in ("computerName", "adminUsername"):
        if not profile.get(name):
            raise missing(name)
    _check_computer_name(str(profile["computerName"]), is_windows)
    _check_user(str(profile["adminUsername"]), is_windows)
    other = "linuxConfiguration" if is_windows else "windowsConfiguration"
    if other in profile:
        raise invalid(f"Parameter '{other}' is not allowed.", other)
    password = change.secrets.get(PASSWORD)
    if password is not None:
        _check_password(str(password), is_windows)
    elif is_windows:
        raise missing("adminPassword")
    if not is_windows:
        _check_linux(profile, password is not None)


def _check_computer_name(name: str, is_windows: bool) -> None:
    shown = FORBIDDEN_IN_WINDOWS if is_windows else FORBIDDEN_IN_NAMES
    forbidden = set(shown.split())
    has_forbidden = any(letter in forbidden or letter.isspace() for letter in name)
    if is_windows and (len(name) > 15 or name.isdigit() or has_forbidden):
        raise invalid(
            "Windows computer name cannot be more than 15 characters long, be entirely numeric, or contain the "
            f"following characters: {shown}.",
            "computerName",
        )
    if not is_windows and (len(name) > 64 or has_forbidden):
        raise invalid(
            f"Linux host name cannot exceed 64 characters in length or contain the following characters: {shown}.",
            "computerName",
        )


def _check_user(name: str, is_windows: bool) -> None:
    too_long = len(name) > (20 if is_windows else 64)
    if name.lower() in DISALLOWED_NAMES or too_long or (is_windows and name.endswith(".")):
        raise invalid("The Admin Username specified is not allowed.", "adminUsername")
    if not is_windows and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", name):
        raise invalid("The Admin Username specified is not allowed.", "adminUsername")


def _check_password(password: str, is_windows: bool) -> None:
    shortest, longest = (8, 123) if is_windows else (6, 72)
    kinds = (str.isupper, str.islower, str.isdigit, lambda letter: not letter.isalnum())
    fulfilled = sum(any(map(kind, password)) for kind in kinds)
    has_control = any(ord(letter) < 32 for letter in password)
    if not shortest <= len(password) <= longest or fulfilled < 3 or has_control:
        raise invalid(
            f"The supplied password must be between {shortest}-{longest} characters long and must satisfy at least 3 "
            f"of password complexity requirements from the following:\r\n{RULES}",
            "adminPassword",
        )
    if password in DISALLOWED_PASSWORDS:
        raise invalid("The specified password is not allowed.", "adminPassword")


def _check_linux(profile: Json, has_password: bool) -> None:
    configuration: Json = profile.get("linuxConfiguration") or {}
    keys = entries_at(configuration, "ssh.publicKeys")
    if configuration.get("disablePasswordAuthentication") and has_password:
        raise invalid(
            "Authentication by user name and password is disabled in Linux profile, and a password was given.",
            "linuxConfiguration",
        )
    if not has_password and not keys:
        raise invalid(
            "Authentication using either SSH or by user name and password must be enabled in Linux profile.",
            "linuxConfiguration",
        )
    home = f"/home/{profile['adminUsername']}/.ssh/authorized_keys"
    for key in keys:
        if key.setdefault("path", home) != home:
            raise invalid(
                f"Destination path for SSH public keys is currently limited to its default value {home} due to a known "
                "issue in Linux provisioning agent.",
                f"{KEYS}.path",
            )
        if not str(key.get("keyData", "")).strip().startswith(KEY_TYPES):
            raise invalid_value(f"{KEYS}.keyData")


def fill(profile: Json, system: str) -> None:
    """What the server adds (server_filled_fields of the recordings, and the excerpt of 2022)."""
    profile.setdefault("secrets", [])
    profile.setdefault("allowExtensionOperations", True)
    profile.setdefault("requireGuestProvisionSignal", True)
    name = "windowsConfiguration" if system == "Windows" else "linuxConfiguration"
    configuration: Json = profile.setdefault(name, {})
    configuration.setdefault("provisionVMAgent", True)
    configuration.setdefault("enableVMAgentPlatformUpdates", False)
    patches: Json = configuration.setdefault("patchSettings", {})
    patches.setdefault("patchMode", "AutomaticByOS" if system == "Windows" else "ImageDefault")
    patches.setdefault("assessmentMode", "ImageDefault")
    if system == "Windows":
        configuration.setdefault("enableAutomaticUpdates", True)
    else:
        configuration.setdefault("disablePasswordAuthentication", False)
