package samltest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // what OAEP in XML Encryption has by default
	"crypto/x509"

	"github.com/beevik/etree"
)

// The ciphers that providers use.
const (
	GCM = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
	CBC = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"

	oaep = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
	rsa1 = "http://www.w3.org/2001/04/xmlenc#rsa-1_5"
)

// encrypt encrypts an assertion for the key of a certificate.
func encrypt(assertion *etree.Element, der []byte, method string) *etree.Element {
	doc := etree.NewDocument()
	doc.SetRoot(assertion)
	return encryptBytes(must(doc.WriteToBytes()), der, method)
}

func encryptBytes(plain, der []byte, method string) *etree.Element {
	if method == "" {
		method = GCM
	}
	key := make([]byte, 16)
	_, _ = rand.Read(key) // it never fails
	block := must(aes.NewCipher(key))
	var sealed []byte
	if method == CBC {
		pad := aes.BlockSize - len(plain)%aes.BlockSize
		padded := append(append([]byte(nil), plain...), make([]byte, pad)...)
		padded[len(padded)-1] = byte(pad)
		sealed = make([]byte, aes.BlockSize+len(padded))
		_, _ = rand.Read(sealed[:aes.BlockSize])
		cipher.NewCBCEncrypter(block, sealed[:aes.BlockSize]).CryptBlocks(sealed[aes.BlockSize:], padded)
	} else {
		sealed = must(cipher.NewGCMWithRandomNonce(block)).Seal(nil, nil, plain, nil)
	}
	return wrap(key, sealed, der, method, oaep)
}

// wrap writes down what is encrypted, with its key for the one who may read it.
func wrap(key, sealed, der []byte, method, transport string) *etree.Element {
	public, ok := must(x509.ParseCertificate(der)).PublicKey.(*rsa.PublicKey)
	if !ok {
		panic("the certificate is not of RSA")
	}
	var forThem []byte
	if transport == rsa1 {
		//lint:ignore SA1019 what is encrypted by it is to be refused
		forThem = must(rsa.EncryptPKCS1v15(rand.Reader, public, key)) //nolint:staticcheck // that it is refused is what is tested
	} else {
		forThem = must(rsa.EncryptOAEP(sha1.New(), rand.Reader, public, key, nil))
	}
	out := etree.NewElement("saml:EncryptedAssertion")
	out.CreateAttr("xmlns:saml", "urn:oasis:names:tc:SAML:2.0:assertion")
	data := out.CreateElement("xenc:EncryptedData")
	data.CreateAttr("xmlns:xenc", "http://www.w3.org/2001/04/xmlenc#")
	data.CreateAttr("Type", "http://www.w3.org/2001/04/xmlenc#Element")
	data.CreateElement("xenc:EncryptionMethod").CreateAttr("Algorithm", method)
	info := data.CreateElement("ds:KeyInfo")
	info.CreateAttr("xmlns:ds", "http://www.w3.org/2000/09/xmldsig#")
	wrapped := info.CreateElement("xenc:EncryptedKey")
	wrapped.CreateElement("xenc:EncryptionMethod").CreateAttr("Algorithm", transport)
	wrapped.CreateElement("xenc:CipherData").CreateElement("xenc:CipherValue").SetText(Encode(forThem))
	data.CreateElement("xenc:CipherData").CreateElement("xenc:CipherValue").SetText(Encode(sealed))
	return out
}
