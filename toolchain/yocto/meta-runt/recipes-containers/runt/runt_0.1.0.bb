# SPDX-License-Identifier: Apache-2.0
SUMMARY = "A container runtime for embedded Linux"
DESCRIPTION = "Runs containers from OCI bundles, with the command line of runc: \
one small program in C, without a daemon."
SECTION = "console/utils"
LICENSE = "Apache-2.0 & MIT${@bb.utils.contains('PACKAGECONFIG', 'seccomp', ' & LGPL-2.1-only', '', d)}"
LIC_FILES_CHKSUM = "file://LICENSE;md5=5634dcc98d72a490f8c74cc3dee5a4b6"

DEPENDS = "jsmn"
PROVIDES += "virtual/runc"

# The source that this layer is a part of. Nothing is fetched, nothing is
# written into it.
inherit externalsrc
EXTERNALSRC = "${@os.path.realpath(d.getVar('THISDIR') + '/../../../../..')}"
EXTERNALSRC_BUILD = "${WORKDIR}/build"
EXTERNALSRC_SYMLINKS = ""

inherit pkgconfig bash-completion update-rc.d systemd ptest

# "enabled,disabled,what is needed for it"
PACKAGECONFIG ??= "${@bb.utils.filter('DISTRO_FEATURES', 'seccomp', d)}"
PACKAGECONFIG:append:libc-musl = " static"
PACKAGECONFIG[seccomp] = "SECCOMP=1,SECCOMP=tables,libseccomp"
PACKAGECONFIG[static] = "STATIC=1,STATIC=0,"

EXTRA_OEMAKE = "-C ${S} BUILD=${B} ARCH=${TARGET_ARCH} PREFIX=${prefix} \
BINDIR=${bindir} DATADIR=${datadir} MANDIR=${mandir} SYSCONFDIR=${sysconfdir} \
SYSTEMDUNITDIR=${systemd_system_unitdir} ${PACKAGECONFIG_CONFARGS}"

# Not aarch64_be, not armeb.
COMPATIBLE_HOST = "(x86_64|aarch64|arm|riscv64)-.*linux.*"

do_configure[noexec] = "1"

do_compile() {
	oe_runmake all
}

do_install() {
	oe_runmake install install-init INITS="sysv systemd" DESTDIR=${D}
	mv ${D}${sysconfdir}/init.d/S90runt ${D}${sysconfdir}/init.d/runt
}

do_compile_ptest() {
	oe_runmake unit
}

do_install_ptest() {
	oe_runmake install-ptest DESTDIR=${D}${PTEST_PATH}
}

INITSCRIPT_NAME = "runt"
INITSCRIPT_PARAMS = "start 90 2 3 4 5 . stop 10 0 1 6 ."
# A template: runt@NAME.service is the bundle /etc/runt/NAME.
SYSTEMD_SERVICE:${PN} = "runt@.service runt-notify@.service"
SYSTEMD_AUTO_ENABLE = "disable"

PACKAGES =+ "${PN}-zsh-completion ${PN}-fish-completion"
FILES:${PN}-zsh-completion = "${datadir}/zsh"
FILES:${PN}-fish-completion = "${datadir}/fish"
RPROVIDES:${PN} = "virtual-runc"
FILES:${PN} += "${datadir}/runt ${systemd_system_unitdir}"
