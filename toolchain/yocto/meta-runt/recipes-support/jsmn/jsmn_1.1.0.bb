# SPDX-License-Identifier: Apache-2.0
SUMMARY = "A JSON parser that is one header"
HOMEPAGE = "https://github.com/zserge/jsmn"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=5adc94605a1f7a797a9a834adbe335e3"

# Where S is by default, in all releases.
SRC_URI = "git://github.com/zserge/jsmn.git;protocol=https;branch=master;destsuffix=${BP}"
# v1.1.0
SRCREV = "fdcef3ebf886fa210d14956d3c068a653e76a24e"

do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
	install -D -m 0644 ${S}/jsmn.h ${D}${includedir}/jsmn.h
}

# Nothing of it is for the device.
ALLOW_EMPTY:${PN} = "1"
